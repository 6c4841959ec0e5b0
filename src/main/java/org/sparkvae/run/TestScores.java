package org.sparkvae.run;

import static java.util.stream.Collectors.averagingDouble;
import static org.apache.spark.sql.functions.col;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;
import org.sparkvae.report.page.DigitScores;
import org.sparkvae.report.page.ScoredImage;

/**
 * How well single test images are reconstructed.
 *
 * @param best those with the lowest cross-entropy, lowest first, ties by id
 * @param worst those with the highest, highest first, likewise
 * @param digits means by label, ascending
 */
record TestScores(List<ScoredImage> best, List<ScoredImage> worst, List<DigitScores> digits) {
  /** So many of the best, and of the worst. */
  private static final int EXTREMES = 10;

  /** A row without its images. */
  private record Score(int id, int label, double bce, double kl) {
    static Score of(Row row) {
      return new Score(row.getInt(0), row.getInt(1), row.getFloat(2), row.getFloat(3));
    }
  }

  static TestScores of(Run run, SparkSession spark) {
    // Four numbers an image; in one order, so that no sum depends on how the rows lie.
    List<Score> scores =
        ReconstructionRows.of(run, spark, Split.TEST)
            .select("image_id", "label", "bce", "kl")
            .collectAsList()
            .stream()
            .map(Score::of)
            .sorted(Comparator.comparing(Score::id))
            .toList();
    if (scores.isEmpty() || scores.get(scores.size() - 1).id() != scores.size() - 1) {
      throw ReconstructionRows.incomplete(run, Split.TEST);
    }
    List<Score> best = first(scores, Comparator.comparing(Score::bce));
    List<Score> worst = first(scores, Comparator.comparing(Score::bce).reversed());
    Map<Integer, List<float[]>> pairs = new HashMap<>();
    Object[] ids = Stream.of(best, worst).flatMap(List::stream).map(Score::id).toArray();
    ReconstructionRows.of(run, spark, Split.TEST)
        .where(col("image_id").isin(ids))
        .collectAsList()
        .forEach(
            row ->
                pairs.put(
                    row.getInt(0),
                    List.of(
                        ReconstructionRows.original(row), ReconstructionRows.reconstruction(row))));
    return new TestScores(images(best, pairs), images(worst, pairs), digits(run, scores));
  }

  private static List<Score> first(List<Score> scores, Comparator<Score> order) {
    return scores.stream().sorted(order).limit(EXTREMES).toList();
  }

  private static List<ScoredImage> images(List<Score> scores, Map<Integer, List<float[]>> pairs) {
    return scores.stream()
        .map(each -> new ScoredImage(each.id(), each.label(), each.bce(), pairs.get(each.id())))
        .toList();
  }

  private static List<DigitScores> digits(Run run, List<Score> scores) {
    Map<Integer, List<Score>> byLabel =
        scores.stream()
            .collect(Collectors.groupingBy(Score::label, TreeMap::new, Collectors.toList()));
    return byLabel.entrySet().stream()
        .map(
            each -> {
              double bce = each.getValue().stream().collect(averagingDouble(Score::bce));
              double kl = each.getValue().stream().collect(averagingDouble(Score::kl));
              return new DigitScores(
                  each.getKey(),
                  each.getValue().size(),
                  bce,
                  kl,
                  bce + run.architecture().regularisationTerm(kl));
            })
        .toList();
  }
}
