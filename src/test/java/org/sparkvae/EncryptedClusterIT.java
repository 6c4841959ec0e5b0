package org.sparkvae;

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
import org.sparkvae.cluster.Driver;
import org.sparkvae.cluster.SparkCluster;

/** Training on a cluster that lets nobody in without its secret. */
@CompleteBuild
@Timeout(600)
class EncryptedClusterIT {
  private static final String SECRET_IN_ENVIRONMENT = "_SPARK_AUTH_SECRET";

  /** In the sixth row of the first training image, a five. */
  private static final String PIXELS = "031212127e88af1aa6fff77f";

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.of(2).withAuthentication();

  /** Ends with 0 once these bytes have passed this machine's network, those of its hosts too. */
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
  void trainsWithTheSecretAndLetsNobodySeeOrJoin() throws Exception {
    String secret = Files.readString(CLUSTER.secret()).strip();
    Process eavesdropper = eavesdropper();
    SparkVaeProcess job = train(driverWith(CLUSTER.secret()));
    JobMonitor watch = new JobMonitor();
    Process intruder = null;
    while (job.isAlive()) {
      List<Long> executors = CLUSTER.executorPids();
      watch.lookAtProcess(job.pid());
      executors.forEach(watch::lookAtProcess);
      assertThat(commandLines()).noneMatch(words -> words.contains(secret));
      assertThat(filesWithPixels(CLUSTER)).isEmpty();
      if (intruder == null && executors.size() == 2) {
        intruder = anotherExecutor(executors.get(0), "a guess");
      }
      Thread.sleep(200);
    }
    job.awaitEnd().assertExitCode(0);
    assertThat(directory.resolve("runs/e/model.zip")).exists();
    assertThat(eavesdropper.isAlive()).as("saw none of the pixels").isTrue();
    assertThat(intruder.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(intruder.exitValue()).isNotZero();
    assertThat(Files.readString(directory.resolve("intruder")))
        .contains("Exception")
        .doesNotContain("Successfully registered with driver");
    assertThat(watch.udpAddresses()).containsExactlyElementsOf(CLUSTER.addresses());
  }

  /** That they can be seen at all. */
  @Test
  void withoutTheSettingPixelsAreInFilesAndOnTheWire() throws Exception {
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

  /** All that goes between its processes is Spark's, and so authenticated and encrypted. */
  @Test
  void averagingHasNoUdp() throws Exception {
    SparkVaeProcess job = train(driverWith(CLUSTER.secret()), "averaging");
    JobMonitor watch = new JobMonitor();
    while (job.isAlive()) {
      watch.lookAtProcess(job.pid());
      CLUSTER.executorPids().forEach(watch::lookAtProcess);
      Thread.sleep(200);
    }
    job.awaitEnd().assertExitCode(0);
    assertThat(watch.udpAddresses()).isEmpty();
  }

  @Test
  void noDriverIsLetInWithoutTheSecretOrWithoutEncryption() throws Exception {
    Path guess = directory.resolve("guess");
    Files.createFile(
        guess, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(guess, "a guess");
    List<Driver> refused =
        List.of(
            CLUSTER.driver(),
            driverWith(guess),
            driverWith(CLUSTER.secret()).with("spark.network.crypto.enabled", "false"));
    for (Driver driver : refused) {
      SparkVaeProcess job = train(driver).awaitEnd().assertExitCode(75);
      assertThat(job.errors().lines())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains(CLUSTER.master(), "spark.authenticate.secret.file");
    }
  }

  @Test
  void aDriverOnTheClusterGetsTheSecretFromItsWorker() throws Exception {
    Driver onTheCluster =
        new Driver(
                List.of(),
                List.of("--master", CLUSTER.master(), "--deploy-mode", "cluster"),
                Map.of("spark.driver.memory", "1200m", "spark.executor.cores", "1"))
            .with("spark.cores.max", "1")
            .with("spark.authenticate", "true")
            .with("spark.authenticate.secret.file", CLUSTER.secret().toString());
    train(onTheCluster).awaitEnd().assertExitCode(0);
    assertThat(directory.resolve("runs/e/model.zip")).exists();
  }

  @AfterEach
  void whoStillListensIsEnded() {
    started.forEach(Process::destroyForcibly);
  }

  private static Driver driverWith(Path secret) {
    return CLUSTER
        .driver()
        .with("spark.authenticate", "true")
        .with("spark.authenticate.secret.file", secret.toString())
        // Else the pixels would not be seen in any case.
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
    return started(
        PythonInterpreter.command("-c", EAVESDROP, PIXELS)
            .redirectOutput(directory.resolve("eavesdropper").toFile()));
  }

  private Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /** One that knows all that the job's own executors know, but the secret. */
  private Process anotherExecutor(long ofTheJob, String guess) throws IOException {
    Path own = Path.of("/proc", Long.toString(ofTheJob));
    List<String> words =
        Stream.of(Files.readString(own.resolve("cmdline"), StandardCharsets.UTF_8).split("\0"))
            .collect(Collectors.toList());
    words.set(words.indexOf("--executor-id") + 1, "99");
    // Were it let in, it would fetch the job's jars to where it is.
    words.addAll(0, List.of("env", "-C", directory.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(CLUSTER.onHost(1, words))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("intruder").toFile());
    Map<String, String> environment = new TreeMap<>();
    Stream.of(Files.readString(own.resolve("environ"), StandardCharsets.UTF_8).split("\0"))
        .map(variable -> variable.split("=", 2))
        .forEach(variable -> environment.put(variable[0], variable[1]));
    assertThat(environment).containsKey(SECRET_IN_ENVIRONMENT);
    environment.put(SECRET_IN_ENVIRONMENT, guess);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return started(builder);
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
    } catch (IOException | UncheckedIOException goneMeanwhile) {
      return List.of();
    }
  }

  /** Nothing of a directory, and of what has gone meanwhile. */
  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
