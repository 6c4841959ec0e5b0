package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelFile;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TaskResultSize;
import org.sparkvae.spark.TestImages;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.SmallModels;

class EvaluationTest {
  private static final int COUNT = 130;

  private final SparkSession spark = LocalSpark.session();
  private final byte[] model =
      ModelFile.forInference(SmallModels.withDistinctPosteriors(LayerBackend.CPU));

  private Map<Metric, Double> scores(int partitions) {
    return SplitMetrics.of(
        DataFrameReconstructor.reconstruct(images(partitions), model, Latent.SAMPLE, 5),
        SmallModels.CONFIG);
  }

  private double bound(int partitions, int samples) {
    return ImportanceWeightedMetrics.meanBound(
        images(partitions), broadcast(), SmallModels.CONFIG, samples, 5);
  }

  private int activeUnits(int partitions) {
    return PosteriorMeanMetrics.activeUnits(images(partitions), broadcast());
  }

  private Dataset<Row> images(int partitions) {
    return TestImages.of(spark, COUNT, partitions);
  }

  private Broadcast<byte[]> broadcast() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model);
  }

  @Test
  void doesNotDependOnPartitioning() {
    assertThat(scores(4)).isEqualTo(scores(1));
    assertThat(bound(4, 2)).isEqualTo(bound(1, 2));
    assertThat(activeUnits(4)).isEqualTo(activeUnits(1)).isBetween(1, 28 * 4);
  }

  /** Each task sends a few kilobytes of its own and nothing per image. */
  @Test
  void sendsOnlyMeansToTheDriver() throws TimeoutException {
    Dataset<Row> reconstructions =
        DataFrameReconstructor.reconstruct(TestImages.of(spark, 800, 2), model, Latent.SAMPLE, 5)
            .persist();
    reconstructions.count();
    Dataset<Row> few = reconstructions.where("image_id < 100");
    long bytesOfFew = TaskResultSize.measure(() -> SplitMetrics.of(few, SmallModels.CONFIG));
    long bytesOfAll =
        TaskResultSize.measure(() -> SplitMetrics.of(reconstructions, SmallModels.CONFIG));
    reconstructions.unpersist();
    assertThat(bytesOfAll).isLessThan(bytesOfFew + 20_000);
  }

  @Test
  void nearestNeighborsPredictLabelsFromLatents() {
    try (LatentProbes probes = probes(3)) {
      assertThat(probes.nearestNeighborsAccuracy()).isEqualTo(1);
    }
  }

  @CompleteBuild
  @Test
  void linearProbePredictsLabelsFromLatents() {
    try (LatentProbes probes = probes(3)) {
      assertThat(probes.linearAccuracy()).isEqualTo(1);
    }
  }

  private LatentProbes probes(int partitions) {
    return new LatentProbes(
        TestImages.labeled(spark, 200, partitions),
        TestImages.labeled(spark, 100, partitions),
        broadcast());
  }

  @Test
  void choosesTheMajorityLabelAndTheNearestOnTies() {
    int[] labels = {7, 7, 2, 2, 3};
    assertThat(LatentProbes.majorityLabel(new int[] {4, 2, 0, 3, 1}, labels)).isEqualTo(2);
    assertThat(LatentProbes.majorityLabel(new int[] {4, 0, 2, 1}, labels)).isEqualTo(7);
    assertThat(LatentProbes.majorityLabel(new int[] {4, 0, 2}, labels)).isEqualTo(3);
  }

  /** With one sample the bound equals the ELBO apart from noise. More samples make it tighter. */
  @Test
  void tightensTheBoundWithMoreSamples() {
    Map<Metric, Double> scores = scores(2);
    double elbo = scores.get(Metric.ELBO);
    double one = bound(2, 1);
    assertThat(scores.get(Metric.KL_DIVERGENCE)).isGreaterThan(1);
    assertThat(one).isCloseTo(elbo, within(0.5));
    assertThat(bound(2, 20)).isBetween(one + 0.5, one + scores.get(Metric.KL_DIVERGENCE));
  }
}
