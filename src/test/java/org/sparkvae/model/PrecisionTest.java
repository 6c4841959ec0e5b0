package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.config.Precision;
import org.sparkvae.model.cpu.KernelThreadPool;
import org.sparkvae.model.cpu.OneDnn;

/**
 * Compares products in bfloat16 with products in single precision. On a processor without
 * instructions for bfloat16, both must be the same.
 */
class PrecisionTest {
  private static final int MINIBATCH = 17;

  /** On a Zen 4, the relative distances of the outputs were 1.3e-4 and 3.6e-5. */
  private static final double OUTPUT_TOLERANCE = 1e-3;

  /**
   * On a Zen 4, the relative distances of the gradients were 0.096 and 0.038. Rounding changes
   * which value of a pooling window is the largest, and the gradient then flows to another place.
   */
  private static final double GRADIENT_TOLERANCE = 0.2;

  @ParameterizedTest
  @CsvSource({"256, 0.01", "16, 0"})
  void bfloat16MatchesWithinItsRounding(int latentChannels, double dropout) {
    ComputationGraph single = step(config(latentChannels, dropout, Precision.FLOAT32));
    ComputationGraph bfloat16 = step(config(latentChannels, dropout, Precision.BFLOAT16));

    boolean supported = OneDnn.supported(Precision.BFLOAT16) == Precision.BFLOAT16;
    assertClose(
        single.getFlattenedGradients(),
        bfloat16.getFlattenedGradients(),
        supported,
        GRADIENT_TOLERANCE);
    assertClose(output(single), output(bfloat16), supported, OUTPUT_TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"256, 0.01", "16, 0"})
  void bfloat16DoesNotDependOnTheNumberOfThreads(int latentChannels, double dropout) {
    ModelConfig config = config(latentChannels, dropout, Precision.BFLOAT16);
    INDArray expected = step(config).getFlattenedGradients();
    try {
      for (int threads : new int[] {1, 3}) {
        KernelThreadPool.setThreadCount(threads);
        assertThat(step(config).getFlattenedGradients().toFloatVector())
            .isEqualTo(expected.toFloatVector());
      }
    } finally {
      KernelThreadPool.setThreadCount(Runtime.getRuntime().availableProcessors());
    }
  }

  private static ModelConfig config(int latentChannels, double dropout, Precision precision) {
    List<Integer> decoder = ModelConfig.DECODER_CHANNELS;
    return new ModelConfig(latentChannels, decoder, dropout, 0.5, 0, 0.001, 1, 11, precision);
  }

  /** Computes the same gradients twice. The second ones must not contain any of the first. */
  private static ComputationGraph step(ModelConfig config) {
    ComputationGraph graph = VaeGraphTest.graph(config, LayerBackend.CPU);
    Random random = new Random(1);
    // Scales of batch norm have either sign.
    INDArray gamma = graph.getLayer("block1").getParam("gamma");
    for (int i = 0; i < gamma.length(); i++) {
      gamma.putScalar(i, random.nextGaussian());
    }
    Minibatch minibatch = VaeGraphTest.minibatch(MINIBATCH);
    graph.setInputs(minibatch.getFeatures());
    graph.setLabels(minibatch.getLabels());
    graph.computeGradientAndScore();
    float[] first = graph.getFlattenedGradients().toFloatVector();
    graph.computeGradientAndScore();
    assertThat(graph.getFlattenedGradients().toFloatVector()).isEqualTo(first);
    return graph;
  }

  private static INDArray output(ComputationGraph graph) {
    return graph.outputSingle(VaeGraphTest.minibatch(MINIBATCH).getFeatures());
  }

  private static void assertClose(
      INDArray single, INDArray bfloat16, boolean supported, double tolerance) {
    double distance = bfloat16.distance2(single) / single.norm2Number().doubleValue();

    assertThat(distance).isLessThan(tolerance);
    assertThat(distance > 0).isEqualTo(supported);
  }
}
