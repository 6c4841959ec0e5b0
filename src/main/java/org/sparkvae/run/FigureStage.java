package org.sparkvae.run;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.report.EpochPoint;
import org.sparkvae.report.FigureFiles;
import org.sparkvae.report.ImageGrid;
import org.sparkvae.report.LearningCurve;
import org.sparkvae.report.Panel;
import org.sparkvae.spark.ProcessSelfTest;
import org.sparkvae.storage.Storage;
import org.sparkvae.training.EpochRecord;

/** The stage that renders a run's figures. A figure that exists is not rendered again. */
final class FigureStage {
  static final String PRIOR_SAMPLES = "prior-draws.png";
  static final String MIXTURE_SAMPLES = "posterior-mixture-draws.png";
  static final String INTERPOLATION = "interpolation.png";
  private static final String ORIGINALS = "figure1-originals.png";
  private static final String LOSS = "figure2-loss.png";
  private static final String REGULARIZATION_TERM = "figure3-regularisation-term.png";
  private static final String RECONSTRUCTIONS = "figure4-reconstructions.png";
  private static final String SIDE_BY_SIDE = "side-by-side.png";

  /**
   * The figures that every complete run has. The mixture needs enough images, so it is optional.
   */
  static final List<String> REQUIRED =
      List.of(
          ORIGINALS,
          LOSS,
          REGULARIZATION_TERM,
          RECONSTRUCTIONS,
          SIDE_BY_SIDE,
          PRIOR_SAMPLES,
          INTERPOLATION);

  private final Run run;
  private final SparkSession spark;
  private final RunImages images;
  private final LatentDistributions distributions;
  private final Storage directory;
  private FigureImages trainingImages;
  private GeneratedFigures generatedFigures;

  FigureStage(Run run, SparkSession spark, RunImages images, LatentDistributions distributions) {
    this.run = run;
    this.spark = spark;
    this.images = images;
    this.distributions = distributions;
    this.directory = run.directory().child(Run.FIGURES);
    directory.deleteTemporaryFiles();
  }

  /** Renders all figures. */
  void renderAll() {
    List<EpochRecord> history = run.history();
    writeIfAbsent(
        ORIGINALS,
        () ->
            grid(
                "Figure 1: %d random training images".formatted(trainingImages().count()),
                trainingImages().originals()));
    writeIfAbsent(
        LOSS, () -> LearningCurve.loss().plot(history.stream().map(FigureStage::loss).toList()));
    writeIfAbsent(
        REGULARIZATION_TERM,
        () ->
            LearningCurve.regularizationTerm()
                .plot(history.stream().map(FigureStage::regTerm).toList()));
    writeIfAbsent(
        RECONSTRUCTIONS,
        () ->
            grid(
                "Figure 4: reconstructions of the same %d images"
                    .formatted(trainingImages().count()),
                trainingImages().reconstructions()));
    writeIfAbsent(SIDE_BY_SIDE, () -> sideBySide(history.size()));
    writeIfAbsent(PRIOR_SAMPLES, this::priorSamples);
    if (images.areEnoughForDistributions()) {
      writeIfAbsent(MIXTURE_SAMPLES, this::mixtureSamples);
    }
    writeIfAbsent(INTERPOLATION, () -> generatedFigures().interpolations(images.test()));
    run.reporter().info("figures: " + directory);
  }

  /** Renders images generated from the prior, the "random vectors" of the reference report. */
  void renderPriorSamples() {
    writeIfAbsent(PRIOR_SAMPLES, this::priorSamples);
    run.reporter().info("generated images: " + directory.path(PRIOR_SAMPLES));
  }

  /**
   * Renders images generated from the mixture fitted to the posteriors.
   *
   * @throws ConfigurationException if the run has too few images to fit a mixture
   */
  void renderMixtureSamples() {
    if (!images.areEnoughForDistributions()) {
      throw new ConfigurationException(
          "--from: run '%s' has fewer than %d images in a split, which is too few to fit a mixture. Use a run with a higher --limit."
              .formatted(run.id(), RunImages.MIN_FOR_DISTRIBUTIONS));
    }
    writeIfAbsent(MIXTURE_SAMPLES, this::mixtureSamples);
    run.reporter().info("generated images: " + directory.path(MIXTURE_SAMPLES));
  }

  private void writeIfAbsent(String name, Supplier<BufferedImage> renderer) {
    if (!directory.exists(name)) {
      BufferedImage image = renderer.get();
      run.markReportOutdated();
      directory.write(name, stream -> FigureFiles.writePng(image, stream));
    }
  }

  private BufferedImage priorSamples() {
    return generatedFigures()
        .sampleGrid("100 images generated from the prior N(0, I)", distributions.prior());
  }

  private BufferedImage mixtureSamples() {
    return generatedFigures()
        .sampleGrid(
            "100 images generated from a Gaussian mixture fitted to the posteriors",
            distributions.posteriorMixture());
  }

  private BufferedImage sideBySide(int epochs) {
    return ImageGrid.tenByTen()
        .renderSideBySide(
            "%d random training images and their reconstructions after %d epoch%s"
                .formatted(trainingImages().count(), epochs, epochs == 1 ? "" : "s"),
            new Panel("originals", trainingImages().originals()),
            new Panel("reconstructions", trainingImages().reconstructions()));
  }

  private static BufferedImage grid(String title, List<float[]> pixels) {
    return ImageGrid.tenByTen().render(title, "", pixels);
  }

  private FigureImages trainingImages() {
    if (trainingImages == null) {
      trainingImages = FigureImages.read(run, spark, images.trainCount());
    }
    return trainingImages;
  }

  private GeneratedFigures generatedFigures() {
    if (generatedFigures == null) {
      ComputationGraph model = run.model();
      // The driver decodes these images itself.
      ProcessSelfTest.requireInference(model);
      generatedFigures = new GeneratedFigures(run, model);
    }
    return generatedFigures;
  }

  /** Returns an epoch's point of the loss curve. */
  static EpochPoint loss(EpochRecord epoch) {
    return new EpochPoint(
        epoch.epoch(),
        epoch.trainLossLast(),
        epoch.trainLossMean(),
        epoch.testBce() + epoch.testRegTerm());
  }

  /** Returns an epoch's point of the regularization term's curve. */
  static EpochPoint regTerm(EpochRecord epoch) {
    return new EpochPoint(
        epoch.epoch(), epoch.regTermLast(), epoch.regTermMean(), epoch.testRegTerm());
  }
}
