package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.Architecture;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.model.PriorSampler;
import org.sparkvae.reconstruction.Reconstructor;
import org.sparkvae.report.EpochPoint;
import org.sparkvae.report.FigureText;
import org.sparkvae.report.Figures;
import org.sparkvae.report.ImageGrid;
import org.sparkvae.report.LearningCurve;
import org.sparkvae.report.Panel;
import org.sparkvae.storage.Storage;
import org.sparkvae.training.EpochOrder;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** Draws the report's figures from what a run has written. */
final class FigureStage {
  private static final int GRID = 100;

  private FigureStage() {}

  static void draw(Run run, SparkSession spark, int trainImages) {
    if (run.directory().has(Run.FIGURES)) {
      run.reporter().say("drawn already: " + run.directory().path(Run.FIGURES));
      return;
    }
    List<EpochRecord> history = History.parse(run.directory().readText(Run.HISTORY));
    ComputationGraph model = run.model();
    List<Row> chosen = randomReconstructions(run, spark, trainImages);
    List<float[]> originals = chosen.stream().map(row -> greys(row.getAs("original"))).toList();
    List<float[]> reconstructions = chosen.stream().map(FigureStage::reconstruction).toList();
    List<float[]> draws = PriorSampler.draw(model, run.architecture(), GRID, run.settings().seed());
    ImageGrid grid = ImageGrid.tenByTen();

    run.directory()
        .writeDirectory(
            Run.FIGURES,
            aside -> {
              png(
                  aside,
                  "figure1-originals.png",
                  grid.draw(
                      FigureText.titled("Figure 1: 100 random images from the training data"),
                      originals));
              png(aside, "figure2-loss.png", LearningCurve.loss().draw(points(history, true)));
              png(
                  aside,
                  "figure3-regularisation-term.png",
                  LearningCurve.regularisationTerm().draw(points(history, false)));
              png(
                  aside,
                  "figure4-reconstructions.png",
                  grid.draw(
                      FigureText.titled("Figure 4: the same 100 images, reconstructed"),
                      reconstructions));
              png(
                  aside,
                  "side-by-side.png",
                  grid.drawBeside(
                      FigureText.titled(
                          "100 random training images after %d epoch%s"
                              .formatted(history.size(), history.size() == 1 ? "" : "s")),
                      new Panel("originals", originals),
                      new Panel("reconstructions", reconstructions)));
              png(
                  aside,
                  "prior-draws.png",
                  grid.draw(FigureText.titled("100 draws from the prior N(0, I)"), draws));
            });
    run.reporter().say("figures: " + run.directory().path(Run.FIGURES));
  }

  /** Rows of images chosen by the run's seed, in the order chosen. */
  private static List<Row> randomReconstructions(Run run, SparkSession spark, int trainImages) {
    EpochOrder order = new EpochOrder(run.settings().seed(), 0, trainImages);
    List<Integer> ids =
        IntStream.range(0, Math.min(GRID, trainImages)).mapToObj(order::imageAt).toList();
    String train =
        run.directory().path(ReconstructStage.directory(Latent.SAMPLE) + "/split=" + Split.TRAIN);
    Map<Integer, Row> rows = new HashMap<>();
    spark
        .read()
        .schema(Reconstructor.SCHEMA)
        .parquet(train)
        .where(col("image_id").isin(ids.toArray()))
        .collectAsList()
        .forEach(row -> rows.put(row.getInt(0), row));
    return ids.stream().map(rows::get).toList();
  }

  private static float[] greys(byte[] image) {
    float[] greys = new float[Architecture.PIXELS];
    for (int p = 0; p < greys.length; p++) {
      greys[p] = (image[p] & 0xff) / 255f;
    }
    return greys;
  }

  private static float[] reconstruction(Row row) {
    List<Float> values = row.getList(row.fieldIndex("reconstruction"));
    float[] pixels = new float[values.size()];
    for (int p = 0; p < pixels.length; p++) {
      pixels[p] = values.get(p);
    }
    return pixels;
  }

  private static List<EpochPoint> points(List<EpochRecord> history, boolean loss) {
    List<EpochPoint> points = new ArrayList<>();
    for (EpochRecord each : history) {
      points.add(
          loss
              ? new EpochPoint(
                  each.epoch(),
                  each.trainLossLast(),
                  each.trainLossMean(),
                  each.testBce() + each.testRegTerm())
              : new EpochPoint(
                  each.epoch(), each.regTermLast(), each.regTermMean(), each.testRegTerm()));
    }
    return points;
  }

  private static void png(Storage directory, String name, BufferedImage image) {
    directory.write(name, stream -> Figures.writePng(image, stream));
  }
}
