package org.sparkvae.report.page;

import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.report.ImageGrid;

/** The page of one run. */
public final class RunPage {
  /** The number of epochs up to which the tables of epochs are expanded. */
  private static final int FEW_EPOCHS = 12;

  private RunPage() {}

  /** The values of {@code run.mustache}. */
  private record View(
      String title,
      String id,
      List<String> limitNote,
      List<String> description,
      List<NameValue> settings,
      List<NameValue> summary,
      EmbeddedImage originals,
      EmbeddedImage reconstructions,
      List<EmbeddedImage> generatedImages,
      List<ThemedChart> curves,
      List<String> tableOne,
      List<EpochRow> epochs,
      boolean fewEpochs,
      LayerTable layers,
      List<MetricTable> metrics,
      List<EmbeddedImage> worst,
      List<EmbeddedImage> best,
      List<DigitRow> digits,
      List<NameValue> speed,
      List<NameValue> provenance) {}

  /** The row of an epoch. */
  private record EpochRow(
      int number,
      String lossLast,
      String lossMean,
      String lossTest,
      String regTermLast,
      String regTermMean,
      String regTermTest,
      String seconds,
      String imagesPerSecond) {
    static EpochRow of(EpochSummary epoch) {
      return new EpochRow(
          epoch.number(),
          NumberFormatter.fixed(epoch.loss().trainLast(), 4),
          NumberFormatter.fixed(epoch.loss().trainMean(), 4),
          NumberFormatter.fixed(epoch.loss().test(), 4),
          NumberFormatter.fixed(epoch.regTerm().trainLast(), 5),
          NumberFormatter.fixed(epoch.regTerm().trainMean(), 5),
          NumberFormatter.fixed(epoch.regTerm().test(), 5),
          NumberFormatter.fixed(epoch.seconds(), 1),
          NumberFormatter.whole(epoch.imagesPerSecond()));
    }
  }

  /** The row of a label. */
  private record DigitRow(int label, String images, String bce, String kl, String loss) {
    static DigitRow of(DigitScores scores) {
      return new DigitRow(
          scores.label(),
          NumberFormatter.whole((double) scores.images()),
          NumberFormatter.fixed(scores.bce(), 4),
          NumberFormatter.fixed(scores.kl(), 2),
          NumberFormatter.fixed(scores.loss(), 4));
    }
  }

  /** Returns the page as self-contained HTML. */
  public static String html(RunSummary run) {
    return Templates.fill(
        "run.mustache",
        new View(
            "Run %s – spark-vae".formatted(run.id()),
            run.id(),
            ReportText.limitNote(run),
            ReportText.describe(run),
            ReportText.settings(run.settings()),
            summary(run),
            originals(run),
            reconstructions(run),
            run.generatedImages(),
            ThemedChart.ofRun(run.epochs()),
            run.epochs().stream()
                .filter(epoch -> epoch.number() % 2 == 1)
                .map(EpochSummary::tableOneLine)
                .toList(),
            run.epochs().stream().map(EpochRow::of).toList(),
            run.epochs().size() <= FEW_EPOCHS,
            LayerTable.of("Table 2: the steps of the model", run.layers()),
            MetricTable.of(run.metrics()),
            run.worst().stream().map(RunPage::pair).toList(),
            run.best().stream().map(RunPage::pair).toList(),
            run.digits().stream().map(DigitRow::of).toList(),
            TrainingSpeed.of(run),
            NameValue.of(run.provenance())));
  }

  static EmbeddedImage originals(RunSummary run) {
    return EmbeddedImage.of(
        "Figure 1: %d random training images".formatted(run.originals().size()),
        grid(run.originals()));
  }

  static EmbeddedImage reconstructions(RunSummary run) {
    return EmbeddedImage.of(
        ReportText.reconstructionsCaption(run.settings()), grid(run.reconstructions()));
  }

  static BufferedImage grid(List<float[]> images) {
    return ImageGrid.tenByTen().renderBare(images);
  }

  private static EmbeddedImage pair(ScoredImage image) {
    return EmbeddedImage.of(
        "%d, id %d, %s".formatted(image.label(), image.id(), NumberFormatter.fixed(image.bce(), 4)),
        new ImageGrid(2, 1, 2).renderBare(image.pair()));
  }

  /** Returns the most important metrics that were measured. */
  private static List<NameValue> summary(RunSummary run) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("test loss", Metric.LOSS);
    metrics.put("test cross-entropy, nats per pixel", Metric.CROSS_ENTROPY);
    metrics.put("entropy floor, nats per pixel", Metric.ENTROPY_FLOOR);
    metrics.put("test ELBO, nats per image", Metric.ELBO);
    metrics.put("test SSIM", Metric.SSIM);
    Map<String, String> summary = new LinkedHashMap<>();
    metrics.forEach(
        (name, metric) -> {
          Double value = run.metrics().get(metric.name("test"));
          if (value != null) {
            summary.put(name, NumberFormatter.text(value));
          }
        });
    return NameValue.of(summary);
  }
}
