package org.sparkvae.run;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.report.EpochPoint;
import org.sparkvae.report.FigureFiles;
import org.sparkvae.report.FigureText;
import org.sparkvae.report.ImageGrid;
import org.sparkvae.report.LearningCurve;
import org.sparkvae.report.Panel;
import org.sparkvae.storage.Storage;
import org.sparkvae.training.EpochRecord;

/** Draws figures from what a run has written; one that is there is not drawn again. */
final class FigureStage {
  static final String PRIOR_DRAWS = "prior-draws.png";
  static final String MIXTURE_DRAWS = "posterior-mixture-draws.png";
  static final String INTERPOLATION = "interpolation.png";
  private static final String ORIGINALS = "figure1-originals.png";
  private static final String LOSS = "figure2-loss.png";
  private static final String REGULARISATION_TERM = "figure3-regularisation-term.png";
  private static final String RECONSTRUCTIONS = "figure4-reconstructions.png";
  private static final String SIDE_BY_SIDE = "side-by-side.png";

  /** What every run has; few images make no mixture. */
  static final List<String> ALWAYS =
      List.of(
          ORIGINALS,
          LOSS,
          REGULARISATION_TERM,
          RECONSTRUCTIONS,
          SIDE_BY_SIDE,
          PRIOR_DRAWS,
          INTERPOLATION);

  private final Run run;
  private final SparkSession spark;
  private final RunImages images;
  private final LatentDistributions sources;
  private final Storage directory;
  private FigureImages random;
  private GeneratedFigures drawn;

  FigureStage(Run run, SparkSession spark, RunImages images, LatentDistributions sources) {
    this.run = run;
    this.spark = spark;
    this.images = images;
    this.sources = sources;
    this.directory = run.directory().in(Run.FIGURES);
    directory.clearLeftovers();
  }

  /** All of them. */
  void draw() {
    List<EpochRecord> history = run.history();
    png(
        ORIGINALS,
        () ->
            grid(
                "Figure 1: %d random images from the training data".formatted(random().count()),
                random().originals()));
    png(LOSS, () -> LearningCurve.loss().draw(losses(history)));
    png(REGULARISATION_TERM, () -> LearningCurve.regularisationTerm().draw(regTerms(history)));
    png(
        RECONSTRUCTIONS,
        () ->
            grid(
                "Figure 4: the same %d images, reconstructed".formatted(random().count()),
                random().reconstructions()));
    png(SIDE_BY_SIDE, () -> sideBySide(history.size()));
    png(PRIOR_DRAWS, this::fromPrior);
    if (images.areEnough()) {
      png(MIXTURE_DRAWS, this::fromPosteriorMixture);
    }
    png(INTERPOLATION, () -> drawn().interpolations(images.test()));
    run.reporter().say("figures: " + directory);
  }

  /** The report's "random vectors". */
  void drawFromPrior() {
    png(PRIOR_DRAWS, this::fromPrior);
    run.reporter().say("draws: " + directory.path(PRIOR_DRAWS));
  }

  /**
   * Draws from the mixture fitted to the posteriors.
   *
   * @throws ConfigurationException if the run has too few images to fit one
   */
  void drawFromPosteriorMixture() {
    if (!images.areEnough()) {
      throw new ConfigurationException(
          "run '%s' has fewer than %d images in a split, too few to fit a mixture to; give it a higher --limit"
              .formatted(run.id(), RunImages.ENOUGH));
    }
    png(MIXTURE_DRAWS, this::fromPosteriorMixture);
    run.reporter().say("draws: " + directory.path(MIXTURE_DRAWS));
  }

  private void png(String name, Supplier<BufferedImage> drawing) {
    if (!directory.has(name)) {
      BufferedImage image = drawing.get();
      directory.write(name, stream -> FigureFiles.writePng(image, stream));
    }
  }

  private BufferedImage fromPrior() {
    return drawn().draws("100 draws from the prior N(0, I)", sources.prior());
  }

  private BufferedImage fromPosteriorMixture() {
    return drawn()
        .draws(
            "100 draws from a Gaussian mixture fitted to the posteriors",
            sources.posteriorMixture());
  }

  private BufferedImage sideBySide(int epochs) {
    return ImageGrid.tenByTen()
        .drawBeside(
            FigureText.titled(
                "%d random training images after %d epoch%s"
                    .formatted(random().count(), epochs, epochs == 1 ? "" : "s")),
            new Panel("originals", random().originals()),
            new Panel("reconstructions", random().reconstructions()));
  }

  private static BufferedImage grid(String title, List<float[]> pixels) {
    return ImageGrid.tenByTen().draw(FigureText.titled(title), pixels);
  }

  private FigureImages random() {
    if (random == null) {
      random = FigureImages.of(run, spark, images.trainCount());
    }
    return random;
  }

  private GeneratedFigures drawn() {
    if (drawn == null) {
      drawn = new GeneratedFigures(run);
    }
    return drawn;
  }

  static List<EpochPoint> losses(List<EpochRecord> history) {
    return history.stream()
        .map(
            each ->
                new EpochPoint(
                    each.epoch(),
                    each.trainLossLast(),
                    each.trainLossMean(),
                    each.testBce() + each.testRegTerm()))
        .toList();
  }

  static List<EpochPoint> regTerms(List<EpochRecord> history) {
    return history.stream()
        .map(
            each ->
                new EpochPoint(
                    each.epoch(), each.regTermLast(), each.regTermMean(), each.testRegTerm()))
        .toList();
  }
}
