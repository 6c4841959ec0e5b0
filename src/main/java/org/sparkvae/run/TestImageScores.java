package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;
import org.sparkvae.report.page.DigitScores;
import org.sparkvae.report.page.ScoredImage;
import org.sparkvae.spark.ExactMean;

/**
 * Scores of a run's reconstructed test images.
 *
 * @param best the images with the lowest cross-entropy, in ascending order, ties by ID
 * @param worst the images with the highest cross-entropy, in descending order, ties by ID
 * @param digits mean scores of each label, in ascending order of labels
 */
record TestImageScores(List<ScoredImage> best, List<ScoredImage> worst, List<DigitScores> digits) {
  /** The number of best images and of worst images. */
  private static final int EXTREME_COUNT = 10;

  /**
   * Reads the scores from the reconstructions.
   *
   * @throws org.sparkvae.exception.InputDataException if an image is missing or duplicated
   */
  static TestImageScores read(Run run, SparkSession spark) {
    Dataset<Row> rows = ReconstructionRows.read(run, spark, Split.TEST);
    ReconstructionRows.check(run, spark, Split.TEST, ReconstructStage.testImageCount(run));
    List<Row> best = firstScores(rows, col("bce").asc());
    List<Row> worst = firstScores(rows, col("bce").desc());
    Map<Integer, List<float[]>> pairs = new HashMap<>();
    Object[] selectedIds =
        Stream.of(best, worst).flatMap(List::stream).map(row -> row.getInt(0)).toArray();
    rows.where(col("image_id").isin(selectedIds))
        .collectAsList()
        .forEach(
            row ->
                pairs.put(
                    row.getInt(0),
                    List.of(
                        ReconstructionRows.original(row), ReconstructionRows.reconstruction(row))));
    return new TestImageScores(images(best, pairs), images(worst, pairs), digits(run, rows));
  }

  /** Returns the ID, the label and the cross-entropy of the first images in an order. */
  private static List<Row> firstScores(Dataset<Row> rows, Column order) {
    return rows.select("image_id", "label", "bce")
        .orderBy(order, col("image_id"))
        .limit(EXTREME_COUNT)
        .collectAsList();
  }

  private static List<ScoredImage> images(List<Row> scores, Map<Integer, List<float[]>> pairs) {
    return scores.stream()
        .map(
            row ->
                new ScoredImage(
                    row.getInt(0), row.getInt(1), row.getFloat(2), pairs.get(row.getInt(0))))
        .toList();
  }

  private static List<DigitScores> digits(Run run, Dataset<Row> rows) {
    return rows
        .groupBy("label")
        .agg(count("*"), ExactMean.of("bce"), ExactMean.of("kl"))
        .orderBy("label")
        .collectAsList()
        .stream()
        .map(
            row -> {
              double bce = row.getDouble(2);
              double kl = row.getDouble(3);
              double loss = bce + run.modelConfig().regularizationTerm(kl);
              return new DigitScores(row.getInt(0), row.getLong(1), bce, kl, loss);
            })
        .toList();
  }
}
