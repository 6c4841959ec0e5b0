package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;

/**
 * Runs the main job with its output on HDFS as a user with limited permissions. HDFS is not the
 * default file system, or only because of the settings given to Spark or of {@code
 * HADOOP_CONF_DIR}.
 */
@CompleteBuild
@Timeout(600)
class HdfsIT {
  @TempDir static Path directory;
  private static final String USER = "analyst";

  private static MiniDFSCluster hdfs;
  private static String files;
  private static String runs;

  @BeforeAll
  static void startHdfs() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
    hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    files = "hdfs://localhost:%d".formatted(hdfs.getNameNodePort());
    runs = files + "/runs";
    Files.writeString(
        Files.createDirectory(directory.resolve("site")).resolve("core-site.xml"),
        "<configuration><property><name>fs.defaultFS</name><value>%s</value></property></configuration>"
            .formatted(files));
    org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path("/runs");
    assertThat(hdfs.getFileSystem().mkdirs(output)).isTrue();
    hdfs.getFileSystem().setOwner(output, USER, USER);
  }

  @AfterAll
  static void stopHdfs() {
    if (hdfs != null) {
      hdfs.shutdown(true);
    }
  }

  private static SparkVaeProcess sparkvae(String... command) throws Exception {
    return sparkvae(driver(), runs, command);
  }

  private static Driver driver(String... environment) {
    List<String> prefix = new ArrayList<>(List.of("env", "HADOOP_USER_NAME=" + USER));
    prefix.addAll(List.of(environment));
    return new Driver(prefix, List.of(), Map.of());
  }

  private static SparkVaeProcess sparkvae(Driver driver, String output, String... command)
      throws Exception {
    List<String> arguments = new ArrayList<>(Arrays.asList(command));
    arguments.addAll(List.of("--output", output));
    return SparkVaeProcess.start(directory, driver, arguments.toArray(String[]::new)).awaitEnd();
  }

  private static List<String> names(String path) throws IOException {
    return Arrays.stream(hdfs.getFileSystem().listStatus(new org.apache.hadoop.fs.Path(path)))
        .map(FileStatus::getPath)
        .map(org.apache.hadoop.fs.Path::getName)
        .toList();
  }

  @Test
  void runsResumesAndPublishesOnHdfs() throws Exception {
    String[] job = {
      "run",
      "--run-id",
      "h",
      "--limit",
      "200",
      "--epochs",
      "2",
      "--trainer",
      "local",
      "--config",
      "conf/model2.yaml",
      "--publish",
      runs
    };
    sparkvae(driver().with("spark.hadoop.fs.defaultFS", files), "/runs", job).assertExitCode(0);
    assertThat(names("/runs/h"))
        .contains("_published")
        .filteredOn(name -> !name.equals("_published"))
        .containsExactlyInAnyOrderElementsOf(FinishedRun.FILES);
    assertThat(names("/runs/h/checkpoints")).containsExactly("epoch-0001", "epoch-0002");
    FileSystem hadoop = hdfs.getFileSystem();
    try (FSDataInputStream current = hadoop.open(new org.apache.hadoop.fs.Path("/runs/current"))) {
      assertThat(new String(current.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(runs + "/h\n");
    }

    SparkVaeProcess rerun =
        sparkvae(driver("HADOOP_CONF_DIR=" + directory.resolve("site")), "/runs", job)
            .assertExitCode(0);
    assertThat(rerun.output()).contains("is complete", "already published");

    // The state after a kill between the last checkpoint and the final model.
    for (String name : List.of("model.zip", "_SUCCESS")) {
      assertThat(hadoop.delete(new org.apache.hadoop.fs.Path("/runs/h", name), false)).isTrue();
    }
    SparkVaeProcess resumed = sparkvae(job).assertExitCode(0);
    assertThat(resumed.output()).contains("Resuming after epoch 2 of 2.", "already evaluated");

    // The directory of runs can contain unrelated files and directories.
    hadoop.create(new org.apache.hadoop.fs.Path("/runs/notes")).close();
    FileSystem.mkdirs(
        hadoop, new org.apache.hadoop.fs.Path("/runs/private"), new FsPermission("700"));
    sparkvae("publish", "--run-id", "h", "--to", runs, "--keep", "1").assertExitCode(0);
    assertThat(names("/runs")).contains("h", "current", "notes", "private");
  }
}
