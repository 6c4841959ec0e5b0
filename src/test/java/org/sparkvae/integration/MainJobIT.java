package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.EvaluationFixture;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.IdxFiles;
import org.sparkvae.testing.JobMonitor;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** Tests the main job on MNIST through the launcher and the built jar. */
class MainJobIT {
  private static final Path FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");

  @TempDir Path directory;

  private String[] job(String runId, String... more) {
    return Stream.concat(
            Stream.of("run", "--run-id", runId, "--output", directory.resolve("runs").toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void runsOnceAndSkipsCompletedStages() throws Exception {
    String[] command = job("first", "--limit", "300", "--epochs", "2");
    SparkVaeProcess first = runMonitored(command);
    assertThat(first.output()).contains("Epoch:1/2, Train_Loss:").doesNotContain("Epoch:2/2");

    Path run = directory.resolve("runs/first");
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(FinishedRun.FILES);
    }
    assertHistory(run, 2, 300);
    ReconstructionsTable.assertComplete(run, 300, 300);
    assertFigures(run);
    JsonNode provenance = new ObjectMapper().readTree(run.resolve("provenance.json").toFile());
    assertThat(provenance.at("/data/name").asText()).isEqualTo("MNIST");
    assertThat(provenance.at("/versions/spark").asText()).isEqualTo("3.5.7");
    assertThat(provenance.at("/versions/nd4j").asText()).isEqualTo("1.0.0-M2.1");
    assertThat(provenance.at("/versions/scala").asText()).isEqualTo("2.12.18");
    assertThat(provenance.at("/versions/openblas_kernels").asText())
        .isNotIn("", "Prescott", "Barcelona");
    assertThat(provenance.at("/command_line").asText()).startsWith("sparkvae run --run-id first");

    EvaluationFixture.assertAgreesWithParquet(run);
    assertMissedThresholdFails();
    assertSampleIsReproducible(run, "posterior-mixture");

    Map<Path, FileTime> before = modificationTimes(directory.resolve("runs"));
    long start = System.nanoTime();
    SparkVaeProcess rerun = SparkVaeProcess.run(directory, command).assertExitCode(0);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    assertThat(rerun.output()).contains("complete");
    assertThat(modificationTimes(directory.resolve("runs"))).isEqualTo(before);

    // The state after a kill between the last checkpoint and the final model, with one metric less.
    byte[] model = Files.readAllBytes(run.resolve("model.zip"));
    String metrics = Files.readString(run.resolve("evaluation.json"));
    Files.delete(run.resolve("model.zip"));
    Files.delete(run.resolve("_SUCCESS"));
    Files.writeString(
        run.resolve("evaluation.json"), metrics.replaceFirst("\"prior.recall\" : .*,", ""));
    SparkVaeProcess resumed = SparkVaeProcess.run(directory, command).assertExitCode(0);
    assertThat(run.resolve("model.zip")).hasBinaryContent(model);
    assertThat(resumed.output()).contains("already reconstructed");
    assertThat(run.resolve("evaluation.json")).hasContent(metrics);
    before = modificationTimes(directory.resolve("runs"));

    SparkVaeProcess conflicting =
        SparkVaeProcess.run(directory, job("first", "--limit", "300", "--epochs", "3"))
            .assertExitCode(2);
    assertThat(conflicting.errors().strip().lines())
        .singleElement()
        .asString()
        .contains("epochs=2, found 3");
    assertThat(modificationTimes(directory.resolve("runs"))).isEqualTo(before);
  }

  /** Runs a job with umask 000 and asserts that other users cannot change its files. */
  private SparkVaeProcess runMonitored(String... command) throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Driver driver =
        new Driver(List.of("bash", "-c", "umask 000 && exec \"$@\"", "bash"), List.of(), Map.of())
            .with("spark.local.dir", temporary.toString())
            .with("spark.driver.extraJavaOptions", "-Djava.io.tmpdir=" + temporary);
    SparkVaeProcess job = SparkVaeProcess.start(directory, driver, command);
    JobMonitor monitor = new JobMonitor();
    while (job.isAlive()) {
      monitor.inspectProcess(job.pid());
      monitor.inspectFiles(directory);
      Thread.sleep(200);
    }
    job.awaitEnd().assertExitCode(0);
    monitor.inspectFiles(directory);
    assertThat(monitor.sharedMemory()).isNotEmpty();
    assertThat(monitor.worldWritable()).isEmpty();
    assertThat(monitor.udpAddresses()).containsExactly("127.0.0.1");
    return job;
  }

  @Test
  void divergenceFailsWithExitCode4() throws Exception {
    SparkVaeProcess diverged =
        SparkVaeProcess.run(
                directory,
                job(
                    "nan",
                    "--limit",
                    "200",
                    "--epochs",
                    "1",
                    "--learning-rate",
                    "1e30",
                    "--trainer",
                    "local"))
            .assertExitCode(4);
    assertThat(diverged.errors().lines().filter(line -> line.startsWith("sparkvae:")))
        .singleElement()
        .asString()
        .contains("epoch 1: the loss became NaN or infinite");
    assertThat(directory.resolve("runs/nan/model.zip")).doesNotExist();
  }

  @Test
  @CompleteBuild
  void trainsOnAnotherDataSet() throws Exception {
    assumeTrue(Files.isDirectory(FASHION_MNIST), "Debian's dataset-fashion-mnist is not installed");
    Path set = IdxFiles.first(FASHION_MNIST, 600, 200, directory.resolve("fashion-mnist"));
    String[] command =
        job("fashion", "--data", set.toString(), "--epochs", "1", "--config", "conf/model2.yaml");
    SparkVaeProcess.run(directory, command).assertExitCode(0);
    Path run = directory.resolve("runs/fashion");
    ReconstructionsTable.assertComplete(run, 600, 200);
    EvaluationFixture.assertComplete(run);
    assertFigures(run);
    assertThat(run.resolve("report.html")).content().contains("IDX set ");
    JsonNode provenance =
        new ObjectMapper().readTree(directory.resolve("runs/fashion/provenance.json").toFile());
    assertThat(provenance.at("/data/name").asText()).startsWith("IDX set ");
  }

  /** Asserts that a missed metric threshold is reported. */
  private void assertMissedThresholdFails() throws Exception {
    SparkVaeProcess evaluation =
        SparkVaeProcess.run(
                directory,
                "evaluate",
                "--run-id",
                "first",
                "--output",
                directory.resolve("runs").toString(),
                "--fail-above",
                "test.loss=0.01")
            .assertExitCode(5);
    assertThat(evaluation.errors().strip().lines())
        .singleElement()
        .asString()
        .contains("test.loss is ", "above 0.01");
  }

  private static void assertHistory(Path run, int epochs, int examples) throws IOException {
    List<EpochRecord> history = History.parse(Files.readString(run.resolve("history.csv")));
    assertThat(history).extracting(EpochRecord::examples).hasSize(epochs).containsOnly(examples);
    assertThat(history.get(epochs - 1).trainLossMean()).isLessThan(history.get(0).trainLossMean());
    assertThat(history).allMatch(epoch -> epoch.testBce() > 0 && epoch.testRegTerm() > 0);
  }

  private static void assertFigures(Path run) throws IOException {
    for (String name :
        List.of(
            "figure1-originals",
            "figure2-loss",
            "figure3-regularisation-term",
            "figure4-reconstructions",
            "side-by-side",
            "prior-draws",
            "posterior-mixture-draws",
            "interpolation")) {
      BufferedImage figure = ImageIO.read(run.resolve("figures").resolve(name + ".png").toFile());
      assertThat(figure.getWidth()).as(name).isGreaterThan(500);
    }
  }

  private void assertSampleIsReproducible(Path run, String source) throws Exception {
    Path figure = run.resolve("figures").resolve(source + "-draws.png");
    byte[] before = Files.readAllBytes(figure);
    Files.delete(figure);
    String runs = run.getParent().toString();
    SparkVaeProcess.run(
            directory, "sample", "--run-id", "first", "--output", runs, "--from", source)
        .assertExitCode(0);
    assertThat(figure).hasBinaryContent(before);
    // The report is rewritten, because it contains the figure.
    assertThat(Files.getLastModifiedTime(run.resolve("report.html")))
        .isGreaterThanOrEqualTo(Files.getLastModifiedTime(figure));
  }

  private static Map<Path, FileTime> modificationTimes(Path root) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }
}
