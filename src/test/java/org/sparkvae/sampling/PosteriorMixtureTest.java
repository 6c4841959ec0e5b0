package org.sparkvae.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.Architecture;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;

class PosteriorMixtureTest {
  private static final int COUNT = 1200;
  private static final Architecture SMALL = new Architecture(4, 0, 0.5, 0.001, 5);

  private final SparkSession spark = LocalSpark.session();
  private final ComputationGraph model = new ComputationGraph(VaeGraph.autoEncoder(SMALL));

  PosteriorMixtureTest() {
    model.init();
    model.getLayer(VaeGraph.MEAN).params().muli(16);
    // Hardly any noise: draws are then near the means.
    model.getLayer(VaeGraph.LOG_VARIANCE).getParam("b").assign(-12);
  }

  private PosteriorMixture fit(int partitions) throws IOException {
    Broadcast<byte[]> archive =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(ModelFile.forInference(model));
    return PosteriorMixtureFit.fit(
        TestImages.of(spark, COUNT, partitions), COUNT, model, archive, 5);
  }

  @Test
  void drawsHaveThePosteriorsMeanAndVariance() throws IOException {
    PosteriorMixture mixture = fit(3);
    List<float[]> draws = new ArrayList<>();
    List<float[]> posteriors = new ArrayList<>();
    PosteriorHeads heads = new PosteriorHeads(model);
    PosteriorEncoder encoder = new PosteriorEncoder(model);
    for (int n = 0; n < COUNT; n++) {
      draws.add(mixture.z(n));
      float[] states = encoder.states(new byte[][] {TestImages.pixels(n)})[0];
      posteriors.add(heads.sample(states, n));
    }
    double[] drawn = moments(draws);
    double[] there = moments(posteriors);
    assertThat(drawn[0]).as("mean").isCloseTo(there[0], within(0.05 * Math.sqrt(there[1])));
    assertThat(drawn[1]).as("variance").isCloseTo(there[1], within(0.15 * there[1]));
    // N(0, I) has neither.
    assertThat(there[1]).isNotCloseTo(1, within(0.3));
  }

  /** Mean over images and elements, and mean over elements of the variance over images. */
  private static double[] moments(List<float[]> vectors) {
    int size = vectors.get(0).length;
    double mean = 0;
    double variance = 0;
    for (int i = 0; i < size; i++) {
      double sum = 0;
      double squares = 0;
      for (float[] each : vectors) {
        sum += each[i];
        squares += each[i] * each[i];
      }
      double ofElement = sum / vectors.size();
      mean += ofElement / size;
      variance += (squares / vectors.size() - ofElement * ofElement) / size;
    }
    return new double[] {mean, variance};
  }

  @Test
  void partitioningDoesNotChangeABit() throws IOException {
    PosteriorMixture one = fit(1);
    PosteriorMixture many = fit(7);
    for (int draw = 0; draw < 20; draw++) {
      assertThat(many.z(draw)).isEqualTo(one.z(draw)).isNotEqualTo(one.z(draw + 1));
    }
  }
}
