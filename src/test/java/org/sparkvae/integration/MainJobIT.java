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
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.EvaluationFixture;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.IdxFiles;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.RunOutputs;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** Tests the main job on MNIST through the launcher and the built jar. */
class MainJobIT {
  private static final Path FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");

  @TempDir Path directory;

  @Test
  void outputsAreCompleteAndARerunSkipsThem() throws Exception {
    Path runs = directory.resolve("runs");
    Path run = FinishedRun.copyTo(runs);
    assertThat(FinishedRun.output())
        .contains("Epoch:1/4, Train_Loss:", "Epoch:3/4, Train_Loss:")
        .doesNotContain("Epoch:2/4");
    assertThat(FinishedRun.worldWritableFiles()).isEmpty();
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(FinishedRun.FILES);
    }
    assertHistory(run, 4, FinishedRun.IMAGES);
    ReconstructionsTable.assertComplete(run, FinishedRun.IMAGES, FinishedRun.IMAGES);
    assertFigures(run);
    JsonNode provenance = new ObjectMapper().readTree(run.resolve("provenance.json").toFile());
    assertThat(provenance.at("/data/name").asText()).isEqualTo("MNIST");
    assertThat(provenance.at("/versions/spark").asText()).isEqualTo("3.5.7");
    assertThat(provenance.at("/versions/nd4j").asText()).isEqualTo("1.0.0-M2.1");
    assertThat(provenance.at("/versions/scala").asText()).isEqualTo("2.12.18");
    assertThat(provenance.at("/versions/openblas_kernels").asText())
        .isNotIn("", "Prescott", "Barcelona");
    assertThat(provenance.at("/versions/onednn_instruction_set").asText()).matches("sse41|avx.*");
    assertThat(provenance.at("/command_line").asText())
        .startsWith("sparkvae run --run-id " + FinishedRun.ID);
    EvaluationFixture.assertAgreesWithParquet(run);

    Map<Path, FileTime> before = RunOutputs.modificationTimes(runs);
    long start = System.nanoTime();
    SparkVaeProcess rerun =
        SparkVaeProcess.run(directory, FinishedRun.command(runs)).assertExitCode(0);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    assertThat(rerun.output()).contains("complete");
    assertThat(RunOutputs.modificationTimes(runs)).isEqualTo(before);
  }

  /** The state after a kill while the evaluation computed the metrics that need a classifier. */
  @Test
  void rerunComputesMissingMetricsOfTheClassifier() throws Exception {
    Path runs = directory.resolve("runs");
    Path run = FinishedRun.copyTo(runs);
    String metrics = Files.readString(run.resolve("evaluation.json"));
    String without = metrics.replaceFirst("\"prior.recall\" : .*,", "");
    assertThat(without).isNotEqualTo(metrics);
    Files.writeString(run.resolve("evaluation.json"), without);
    Files.delete(run.resolve("_SUCCESS"));

    SparkVaeProcess.run(directory, FinishedRun.command(runs)).assertExitCode(0);

    assertThat(run.resolve("evaluation.json")).hasContent(metrics);
    assertThat(run.resolve("_SUCCESS")).exists();
  }

  @Test
  @CompleteBuild
  void samplesFromThePosteriorMixtureAreReproducible() throws Exception {
    Path run = FinishedRun.copyTo(directory.resolve("runs"));
    Path figure = run.resolve("figures/posterior-mixture-draws.png");
    byte[] before = Files.readAllBytes(figure);
    Files.delete(figure);
    SparkVaeProcess.run(
            directory,
            "sample",
            "--run-id",
            FinishedRun.ID,
            "--output",
            run.getParent().toString(),
            "--from",
            "posterior-mixture")
        .assertExitCode(0);
    assertThat(figure).hasBinaryContent(before);
  }

  @Test
  @CompleteBuild
  void trainsOnAnotherDataSet() throws Exception {
    assumeTrue(Files.isDirectory(FASHION_MNIST), "Debian's dataset-fashion-mnist is not installed");
    Path set = IdxFiles.first(FASHION_MNIST, 600, 200, directory.resolve("fashion-mnist"));
    SparkVaeProcess.run(
            directory,
            "run",
            "--run-id",
            "fashion",
            "--output",
            directory.resolve("runs").toString(),
            "--data",
            set.toString(),
            "--epochs",
            "1",
            "--config",
            "conf/model2.yaml")
        .assertExitCode(0);
    Path run = directory.resolve("runs/fashion");
    ReconstructionsTable.assertComplete(run, 600, 200);
    EvaluationFixture.assertComplete(run);
    assertFigures(run);
    assertThat(run.resolve("report.html")).content().contains("IDX set ");
    JsonNode provenance =
        new ObjectMapper().readTree(directory.resolve("runs/fashion/provenance.json").toFile());
    assertThat(provenance.at("/data/name").asText()).startsWith("IDX set ");
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
}
