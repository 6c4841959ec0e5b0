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
import org.sparkvae.spark.ImageIds;

/**
 * How well single test images are reconstructed.
 *
 * @param best those with the lowest cross-entropy, lowest first, ties by id
 * @param worst those with the highest, highest first, likewise
 * @param digits means by label, ascending
 */
record TestImageScores(List<ScoredImage> best, List<ScoredImage> worst, List<DigitScores> digits) {
  /** So many of the best, and of the worst. */
  private static final int EXTREMES = 10;

  /** A row without its images. */
  private record Score(int id, int label, double bce) {
    static Score of(Row row) {
      return new Score(row.getInt(0), row.getInt(1), row.getFloat(2));
    }
  }

  static TestImageScores of(Run run, SparkSession spark) {
    Dataset<Row> rows = ReconstructionRows.of(run, spark, Split.TEST);
    ImageIds there = ImageIds.of(rows);
    long expected = ReconstructStage.testImages(run).orElse(there.count());
    if (!there.areEachThereOnce() || there.count() != expected) {
      throw ReconstructionRows.incomplete(run, Split.TEST);
    }
    List<Score> best = first(rows, col("bce").asc());
    List<Score> worst = first(rows, col("bce").desc());
    Map<Integer, List<float[]>> pairs = new HashMap<>();
    Object[] ids = Stream.of(best, worst).flatMap(List::stream).map(Score::id).toArray();
    rows.where(col("image_id").isin(ids))
        .collectAsList()
        .forEach(
            row ->
                pairs.put(
                    row.getInt(0),
                    List.of(
                        ReconstructionRows.original(row), ReconstructionRows.reconstruction(row))));
    return new TestImageScores(images(best, pairs), images(worst, pairs), digits(run, rows));
  }

  private static List<Score> first(Dataset<Row> rows, Column order) {
    return rows
        .select("image_id", "label", "bce")
        .orderBy(order, col("image_id"))
        .limit(EXTREMES)
        .collectAsList()
        .stream()
        .map(Score::of)
        .toList();
  }

  private static List<ScoredImage> images(List<Score> scores, Map<Integer, List<float[]>> pairs) {
    return scores.stream()
        .map(each -> new ScoredImage(each.id(), each.label(), each.bce(), pairs.get(each.id())))
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
              double loss = bce + run.architecture().regularisationTerm(kl);
              return new DigitScores(row.getInt(0), row.getLong(1), bce, kl, loss);
            })
        .toList();
  }
}
