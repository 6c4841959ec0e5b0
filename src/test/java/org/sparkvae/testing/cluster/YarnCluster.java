package org.sparkvae.testing.cluster;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.sparkvae.testing.Await;

/**
 * HDFS and YARN in this JVM. Two node managers start containers as processes of this machine and
 * kill those that exceed their memory.
 */
public final class YarnCluster {
  private static final String NAME = "yarn-cluster";
  private static final org.apache.hadoop.fs.Path JARS =
      new org.apache.hadoop.fs.Path("/apps/spark-vae");
  public static final int NODES = 2;
  private static final int MEGABYTES_PER_NODE = 10_000;

  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster yarn;
  private final Path settings;

  private YarnCluster(MiniDFSCluster hdfs, MiniYARNCluster yarn, Path settings) {
    this.hdfs = hdfs;
    this.yarn = yarn;
    this.settings = settings;
  }

  /**
   * Starts HDFS, which is the default file system, and YARN.
   *
   * @param directory the directory of their files
   */
  public static YarnCluster start(Path directory) throws Exception {
    Configuration configuration = new YarnConfiguration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
    MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    MiniYARNCluster yarn = new MiniYARNCluster(NAME, NODES, 1, 1);
    yarn.init(yarnSettings(configuration));
    yarn.start();
    // The resource manager writes the ports that it chose into its settings.
    Await.await(
        "address of the resource manager",
        Duration.ofSeconds(30),
        () -> !yarn.getConfig().get(YarnConfiguration.RM_ADDRESS).endsWith(":0"));
    if (!yarn.waitForNodeManagersToConnect(30_000)) {
      throw new IOException("The node managers did not connect.");
    }
    Path settings = Files.createDirectories(directory.resolve("settings"));
    try (OutputStream file = Files.newOutputStream(settings.resolve("yarn-site.xml"))) {
      clientSettings(yarn.getConfig()).writeXml(file);
    }
    return new YarnCluster(hdfs, yarn, settings);
  }

  private static Configuration yarnSettings(Configuration hdfs) {
    Configuration yarn = new YarnConfiguration(hdfs);
    String queues = "yarn.scheduler.capacity.root.";
    yarn.set(queues + "queues", "default");
    yarn.setInt(queues + "capacity", 100);
    yarn.setInt(queues + "default.capacity", 100);
    yarn.setInt(queues + "default.maximum-am-resource-percent", 1);
    yarn.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, MEGABYTES_PER_NODE);
    yarn.setBoolean(YarnConfiguration.YARN_MINICLUSTER_CONTROL_RESOURCE_MONITORING, true);
    yarn.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, true);
    yarn.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    yarn.setInt(YarnConfiguration.NM_CONTAINER_MON_INTERVAL_MS, 500);
    yarn.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 64);
    yarn.setInt(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 99);
    return yarn;
  }

  /** Returns the settings that an administrator would give to users. */
  private static Configuration clientSettings(Configuration cluster) {
    Configuration settings = new Configuration(false);
    for (String name :
        List.of(
            "fs.defaultFS", YarnConfiguration.RM_ADDRESS, YarnConfiguration.RM_SCHEDULER_ADDRESS)) {
      settings.set(name, cluster.get(name));
    }
    return settings;
  }

  /** Stops both and deletes their files. */
  public void stop() {
    Path work = yarn.getTestWorkDir().toPath();
    yarn.stop();
    hdfs.shutdown(true);
    FileUtils.deleteQuietly(work.toFile());
  }

  /** Returns the URI of the HDFS. */
  public String files() {
    return "hdfs://localhost:" + hdfs.getNameNodePort();
  }

  public FileSystem fileSystem() throws IOException {
    return hdfs.getFileSystem();
  }

  /** Copies the jars to HDFS, where all jobs share them. */
  public void installJars() throws IOException {
    FileSystem files = hdfs.getFileSystem();
    files.mkdirs(JARS);
    for (String directory : List.of("target/lib", "target/spark/jars")) {
      for (File jar : new File(directory).listFiles()) {
        files.copyFromLocalFile(new org.apache.hadoop.fs.Path(jar.toURI()), JARS);
      }
    }
  }

  /** Returns a driver that uses the jars on HDFS, after {@link #installJars}. */
  public Driver driverWithInstalledJars() throws IOException {
    return driver().with("spark.yarn.jars", files() + JARS + "/*.jar");
  }

  /** Returns a driver on this machine that uses two executors with one core each. */
  public Driver driver() throws IOException {
    String java = System.getProperty("java.home");
    return new Driver(
            List.of("env", "HADOOP_CONF_DIR=" + settings), List.of("--master", "yarn"), Map.of())
        .with("spark.executorEnv.JAVA_HOME", java)
        .with("spark.yarn.appMasterEnv.JAVA_HOME", java);
  }

  /** Returns the files of all containers whose names start with a prefix. */
  public List<Path> localizedFiles(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(yarn.getTestWorkDir().toPath())) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .toList();
    }
  }

  /** Returns the pids of the running executors. */
  public List<Long> executorPids() {
    String work = yarn.getTestWorkDir().getAbsolutePath();
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(
            pid -> {
              String command = commandLine(pid);
              return command.contains(work) && command.contains("CoarseGrainedExecutorBackend");
            })
        .toList();
  }

  /** Returns a command line in full, or nothing if the process has ended. */
  private static String commandLine(long pid) {
    try {
      String command =
          Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
      // YARN starts each container through shells with the same arguments.
      return command.startsWith("/bin/bash") || command.startsWith("bash") ? "" : command;
    } catch (IOException ended) {
      return "";
    }
  }
}
