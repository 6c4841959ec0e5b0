package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.RunOutputs;
import org.sparkvae.testing.S3FaultProxy;
import org.sparkvae.testing.S3FaultProxy.Mode;
import org.sparkvae.testing.S3Server;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;

/** Runs jobs whose output is on S3. It runs with {@code mvn -Ps3 verify}. */
@Timeout(2400)
@Isolated("uses both cores")
class S3IT {
  private static final String OUTPUT = "s3a://%s/runs".formatted(S3Server.BUCKET);

  /** The longest time after which a job is killed. It needs less without a kill. */
  private static final double MAX_SECONDS = 40;

  @TempDir Path directory;
  private S3Server server;

  @BeforeAll
  static void requireS3Build() {
    assumeTrue(S3Server.isAvailable(), "runs only with mvn -Ps3 verify");
  }

  @BeforeEach
  void startServer() throws Exception {
    server = S3Server.start(directory, true);
  }

  @AfterEach
  void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private SparkVaeProcess start(Driver driver, String... command) throws IOException {
    return SparkVaeProcess.start(directory, driver, command);
  }

  private SparkVaeProcess run(String... command) throws Exception {
    return start(server.driver(), command).awaitEnd();
  }

  /** The job of {@link FinishedRun}. */
  private static String[] mainJob(String... options) {
    return Stream.of(
            Stream.of(FinishedRun.command(Path.of("runs"))).map(S3IT::onS3), Stream.of(options))
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  private static String onS3(String argument) {
    return argument.equals("runs") ? OUTPUT : argument;
  }

  private static String[] shortTraining() {
    return new String[] {
      "train",
      "--run-id",
      "r",
      "--output",
      OUTPUT,
      "--limit",
      "100",
      "--epochs",
      "1",
      "--config",
      "conf/model2.yaml",
      "--trainer",
      "local"
    };
  }

  private List<String> names(String path) throws IOException {
    try (Stream<Path> files = Files.list(server.bucket().resolve(path))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void runsPublishesAndDeletes() throws Exception {
    Path expected = FinishedRun.copyTo(directory.resolve("expected"));

    run(mainJob("--publish", OUTPUT)).assertExitCode(0);

    Path run = server.bucket().resolve("runs").resolve(FinishedRun.ID);
    assertThat(names("runs/" + FinishedRun.ID))
        .contains("_published")
        .filteredOn(name -> !name.equals("_published"))
        .containsExactlyInAnyOrderElementsOf(FinishedRun.FILES);
    assertThat(RunOutputs.of(run)).containsAllEntriesOf(withoutProvenance(RunOutputs.of(expected)));
    assertThat(server.bucket().resolve("runs/current"))
        .hasContent(OUTPUT + "/" + FinishedRun.ID + "\n");
    assertThat(run(mainJob("--publish", OUTPUT)).assertExitCode(0).output())
        .contains("is complete", "already published");

    run("publish", "--run-id", FinishedRun.ID, "--output", OUTPUT, "--keep", "1").assertExitCode(0);
  }

  @Test
  void twentyKillsChangeNothing() throws Exception {
    Path expected = FinishedRun.copyTo(directory.resolve("expected"));
    Path run = server.bucket().resolve("runs").resolve(FinishedRun.ID);
    long seed = Long.getLong("kills.seed", System.nanoTime());
    Random random = new Random(seed);
    int interrupted = 0;
    for (int kills = 0; kills < 20; kills++) {
      SparkVaeProcess job = start(server.driver(), mainJob());
      TimeUnit.MILLISECONDS.sleep((long) (1000 * MAX_SECONDS * random.nextDouble()));
      interrupted += job.isAlive() ? 1 : 0;
      job.kill();
      if (Files.exists(run.resolve("_SUCCESS"))) {
        assertThat(RunOutputs.of(run))
            .containsAllEntriesOf(withoutProvenance(RunOutputs.of(expected)));
        run("publish", "--run-id", FinishedRun.ID, "--output", OUTPUT, "--to", OUTPUT)
            .assertExitCode(0);
      }
    }
    System.out.printf("seed %d: killed %d jobs while they ran%n", seed, interrupted);

    run(mainJob()).assertExitCode(0);

    assertThat(RunOutputs.of(run)).containsAllEntriesOf(withoutProvenance(RunOutputs.of(expected)));
    try (Stream<Path> files = Files.walk(server.bucket())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.matches("_(incomplete|writing|lock|temporary).*"));
    }
  }

  /** The commit and the class path of the job that made the other run can differ. */
  private static Map<String, String> withoutProvenance(Map<String, String> outputs) {
    outputs.remove("provenance.json");
    outputs.remove("report.html");
    return outputs;
  }

  @Test
  void oneOfTwoRacingJobsWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      SparkVaeProcess one = start(server.driver(), shortTraining());
      SparkVaeProcess other = start(server.driver(), shortTraining());
      List<SparkVaeProcess> both = List.of(one.awaitEnd(), other.awaitEnd());

      assertThat(both.stream().map(SparkVaeProcess::exitCode))
          .as("%s%n%s", one.errors(), other.errors())
          .containsExactlyInAnyOrder(0, 2);
      assertThat((one.exitCode() == 2 ? one : other).errors().strip().lines())
          .singleElement()
          .asString()
          .startsWith("sparkvae: Run 'r' is locked by process ");
      FileUtils.deleteDirectory(server.bucket().resolve("runs/r").toFile());
    }
  }

  /** A temporary failure is repaired by Hadoop, or ends the job with 75. */
  @Test
  void survivesAnUnavailableAndASlowStore() throws Exception {
    try (S3FaultProxy proxy = new S3FaultProxy(server, Mode.UNAVAILABLE)) {
      Driver driver = server.driverThrough(proxy);
      SparkVaeProcess unavailable = start(driver, shortTraining()).awaitEnd();
      unavailable.assertExitCode(75);
      assertThat(unavailable.errors().strip().lines()).singleElement().asString().contains("503");

      proxy.setMode(Mode.SLOW);
      start(driver, shortTraining()).awaitEnd().assertExitCode(0);
    }
    assertThat(names("runs/r")).contains("model.zip");
  }

  @ParameterizedTest
  @CsvSource({"bucket, wrong, Forbidden", "missing, a secret of the test, NoSuchBucket"})
  void wrongSettingsAreNamed(String bucket, String secret, String reason) throws Exception {
    String[] command = shortTraining();
    command[4] = "s3a://%s/runs".formatted(bucket);

    SparkVaeProcess job = start(S3Server.driver(server.port(), secret), command).awaitEnd();

    job.assertExitCode(2);
    assertThat(job.errors().strip().lines())
        .singleElement()
        .asString()
        .contains("s3a://" + bucket, reason);
  }

  @Test
  void aStoreThatIgnoresConditionsIsRefused() throws Exception {
    server.close();
    Path anonymous = Files.createDirectory(directory.resolve("anonymous"));
    server = S3Server.start(anonymous, false);
    try (S3FaultProxy proxy = new S3FaultProxy(server, Mode.IGNORES_CONDITIONS)) {
      SparkVaeProcess job = start(server.driverThrough(proxy), shortTraining()).awaitEnd();

      job.assertExitCode(2);
      assertThat(job.errors().strip().lines())
          .singleElement()
          .asString()
          .contains("the object store does not support conditional uploads");
    }
    assertThat(server.bucket().resolve("runs/r")).isEmptyDirectory();
  }
}
