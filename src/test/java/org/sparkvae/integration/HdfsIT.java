package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * Runs the main job with its output on HDFS, which is not the default file system, as a user with
 * limited permissions.
 */
@CompleteBuild
@Timeout(600)
class HdfsIT {
  @TempDir static Path directory;
  private static final String USER = "analyst";

  private static MiniDFSCluster hdfs;
  private static String runs;

  @BeforeAll
  static void startHdfs() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
    hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    runs = "hdfs://localhost:%d/runs".formatted(hdfs.getNameNodePort());
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
    Driver driver = new Driver(List.of("env", "HADOOP_USER_NAME=" + USER), List.of(), Map.of());
    List<String> arguments = new ArrayList<>(Arrays.asList(command));
    arguments.addAll(List.of("--output", runs));
    return SparkVaeProcess.start(directory, driver, arguments.toArray(String[]::new)).awaitEnd();
  }

  private static List<String> names(String path) throws IOException {
    FileSystem files = hdfs.getFileSystem();
    return Arrays.stream(files.listStatus(new org.apache.hadoop.fs.Path(path)))
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
    sparkvae(job).assertExitCode(0);
    assertThat(names("/runs/h"))
        .contains("_published")
        .filteredOn(name -> !name.equals("_published"))
        .containsExactlyInAnyOrderElementsOf(FinishedRun.FILES);
    assertThat(names("/runs/h/checkpoints")).containsExactly("epoch-0001", "epoch-0002");
    FileSystem files = hdfs.getFileSystem();
    try (FSDataInputStream current = files.open(new org.apache.hadoop.fs.Path("/runs/current"))) {
      assertThat(new String(current.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(runs + "/h\n");
    }

    SparkVaeProcess rerun = sparkvae(job).assertExitCode(0);
    assertThat(rerun.output()).contains("is complete", "already published");

    // The state after a kill between the last checkpoint and the final model.
    for (String name : List.of("model.zip", "_SUCCESS")) {
      assertThat(files.delete(new org.apache.hadoop.fs.Path("/runs/h", name), false)).isTrue();
    }
    SparkVaeProcess resumed = sparkvae(job).assertExitCode(0);
    assertThat(resumed.output()).contains("Resuming after epoch 2 of 2.", "already evaluated");

    // The directory of runs can contain unrelated files and directories.
    files.create(new org.apache.hadoop.fs.Path("/runs/notes")).close();
    FileSystem.mkdirs(
        files, new org.apache.hadoop.fs.Path("/runs/private"), new FsPermission("700"));
    sparkvae("publish", "--run-id", "h", "--to", runs, "--keep", "1").assertExitCode(0);
    assertThat(names("/runs")).contains("h", "current", "notes", "private");
  }
}
