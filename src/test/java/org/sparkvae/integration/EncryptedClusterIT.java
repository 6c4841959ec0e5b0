package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.JobMonitor;
import org.sparkvae.testing.PythonInterpreter;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;

/** Tests training on a cluster that requires its secret and encrypts its traffic. */
@CompleteBuild
@Timeout(600)
@Isolated("reads the traffic of all networks")
class EncryptedClusterIT {
  private static final String SECRET_VARIABLE = "_SPARK_AUTH_SECRET";

  /** Pixels of the sixth row of the first training image, in hexadecimal. */
  private static final String PIXELS = "031212127e88af1aa6fff77f";

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.of(2).withAuthentication();

  /**
   * Python program that ends with exit code 0 when its argument's bytes pass a network of this
   * machine, including the networks of the simulated hosts.
   */
  private static final String EAVESDROP =
      """
      import socket, sys
      network = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
      while bytes.fromhex(sys.argv[1]) not in network.recv(1 << 17):
          pass
      """;

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();

  @Test
  void trainsWithTheSecretEncryptedAndRejectsIntruders() throws Exception {
    String secret = Files.readString(CLUSTER.secret()).strip();
    Process eavesdropper = eavesdropper();
    SparkVaeProcess job = train(driverWith(CLUSTER.secret()));
    JobMonitor monitor = new JobMonitor();
    Process intruder = null;
    while (job.isAlive()) {
      List<Long> executors = CLUSTER.executorPids();
      monitor.inspectProcess(job.pid());
      executors.forEach(monitor::inspectProcess);
      assertThat(commandLines()).noneMatch(line -> line.contains(secret));
      assertThat(filesWithPixels(CLUSTER)).isEmpty();
      if (intruder == null && executors.size() == 2) {
        intruder = startIntruder(executors.get(0), "a guess");
      }
      Thread.sleep(200);
    }
    job.awaitEnd().assertExitCode(0);
    assertThat(directory.resolve("runs/e/model.zip")).exists();
    assertThat(eavesdropper.isAlive()).as("eavesdropper has not seen the pixels").isTrue();
    assertThat(intruder.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(intruder.exitValue()).isNotZero();
    assertThat(Files.readString(directory.resolve("intruder")))
        .contains("Exception")
        .doesNotContain("Successfully registered with driver");
    assertThat(monitor.udpAddresses()).containsExactlyElementsOf(CLUSTER.addresses());
  }

  /** Proves that the test above would detect unencrypted pixels. */
  @Test
  void pixelsAreVisibleWithoutEncryption() throws Exception {
    SparkCluster open = SparkCluster.of(2);
    open.start();
    try {
      Process eavesdropper = eavesdropper();
      SparkVaeProcess job = train(open.driver().with("spark.shuffle.compress", "false"));
      boolean found = false;
      while (job.isAlive()) {
        found |= !filesWithPixels(open).isEmpty();
        Thread.sleep(100);
      }
      job.awaitEnd().assertExitCode(0);
      assertThat(found).isTrue();
      assertThat(eavesdropper.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(eavesdropper.exitValue()).isZero();
    } finally {
      open.stop();
    }
  }

  /** The averaging trainer sends everything through Spark, and so authenticated and encrypted. */
  @Test
  void averagingUsesNoUdp() throws Exception {
    SparkVaeProcess job = train(driverWith(CLUSTER.secret()), "averaging");
    JobMonitor monitor = new JobMonitor();
    while (job.isAlive()) {
      monitor.inspectProcess(job.pid());
      CLUSTER.executorPids().forEach(monitor::inspectProcess);
      Thread.sleep(200);
    }
    job.awaitEnd().assertExitCode(0);
    assertThat(monitor.udpAddresses()).isEmpty();
  }

  @Test
  void rejectsDriversWithoutTheSecretOrEncryption() throws Exception {
    Path guess = directory.resolve("guess");
    Files.createFile(
        guess, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(guess, "a guess");
    List<Driver> rejected =
        List.of(
            CLUSTER.driver(),
            driverWith(guess),
            driverWith(CLUSTER.secret()).with("spark.network.crypto.enabled", "false"));
    for (Driver driver : rejected) {
      SparkVaeProcess job = train(driver).awaitEnd().assertExitCode(75);
      assertThat(job.errors().lines())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains(CLUSTER.master(), "spark.authenticate.secret.file");
    }
  }

  @Test
  void driverOnTheClusterGetsTheSecretFromItsWorker() throws Exception {
    Driver cluster =
        new Driver(
                List.of(),
                List.of("--master", CLUSTER.master(), "--deploy-mode", "cluster"),
                Map.of("spark.driver.memory", "1200m", "spark.executor.cores", "1"))
            .with("spark.cores.max", "1")
            .with("spark.authenticate", "true")
            .with("spark.authenticate.secret.file", CLUSTER.secret().toString());
    train(cluster).awaitEnd().assertExitCode(0);
    assertThat(directory.resolve("runs/e/model.zip")).exists();
  }

  @AfterEach
  void killRemainingProcesses() {
    started.forEach(Process::destroyForcibly);
  }

  private static Driver driverWith(Path secret) {
    return CLUSTER
        .driver()
        .with("spark.authenticate", "true")
        .with("spark.authenticate.secret.file", secret.toString())
        // Compression would hide the pixels even without encryption.
        .with("spark.shuffle.compress", "false");
  }

  private SparkVaeProcess train(Driver driver) throws IOException {
    return train(driver, "shared");
  }

  private SparkVaeProcess train(Driver driver, String trainer) throws IOException {
    return SparkVaeProcess.start(
        directory,
        driver,
        "train",
        "--run-id",
        "e",
        "--limit",
        "200",
        "--epochs",
        "1",
        "--trainer",
        trainer,
        "--config",
        Path.of("conf/model2.yaml").toAbsolutePath().toString(),
        "--output",
        directory.resolve("runs").toString());
  }

  private Process eavesdropper() throws IOException {
    return start(
        PythonInterpreter.command("-c", EAVESDROP, PIXELS)
            .redirectOutput(directory.resolve("eavesdropper").toFile()));
  }

  private Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /** Starts a copy of one of the job's executors that knows everything except the secret. */
  private Process startIntruder(long executorPid, String guess) throws IOException {
    Path executor = Path.of("/proc", Long.toString(executorPid));
    List<String> command =
        Stream.of(Files.readString(executor.resolve("cmdline"), StandardCharsets.UTF_8).split("\0"))
            .collect(Collectors.toList());
    command.set(command.indexOf("--executor-id") + 1, "99");
    // If the cluster accepted it, it would download the job's jars into its working directory.
    command.addAll(0, List.of("env", "-C", directory.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(CLUSTER.commandOnHost(1, command))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("intruder").toFile());
    Map<String, String> environment = new TreeMap<>();
    Stream.of(Files.readString(executor.resolve("environ"), StandardCharsets.UTF_8).split("\0"))
        .map(variable -> variable.split("=", 2))
        .forEach(variable -> environment.put(variable[0], variable[1]));
    assertThat(environment).containsKey(SECRET_VARIABLE);
    environment.put(SECRET_VARIABLE, guess);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return start(builder);
  }

  private static List<String> commandLines() {
    return ProcessHandle.allProcesses()
        .map(process -> Path.of("/proc", Long.toString(process.pid()), "cmdline"))
        .map(EncryptedClusterIT::content)
        .toList();
  }

  private static List<Path> filesWithPixels(SparkCluster cluster) {
    String pixels = new String(HexFormat.of().parseHex(PIXELS), StandardCharsets.ISO_8859_1);
    try (Stream<Path> files = Files.walk(cluster.state())) {
      return files
          .filter(file -> file.toString().contains("/blockmgr-"))
          .filter(file -> content(file).contains(pixels))
          .toList();
    } catch (IOException | UncheckedIOException deletedMeanwhile) {
      return List.of();
    }
  }

  /** Returns the content of a file, or an empty string for directories and deleted files. */
  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
