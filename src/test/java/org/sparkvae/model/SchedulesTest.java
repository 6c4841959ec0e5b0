package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What changes by the epoch. */
class SchedulesTest {
  private static ComputationGraph fitted(ModelConfig architecture, LayerBackend layers, int epoch) {
    ComputationGraph graph = VaeGraphTest.graph(architecture, layers);
    graph.getConfiguration().setEpochCount(epoch);
    graph.fit(VaeGraphTest.minibatch(4));
    return graph;
  }

  private static SamplingLayerImpl sampling(ComputationGraph graph) {
    return (SamplingLayerImpl) graph.getLayer(VaeGraph.SAMPLE);
  }

  /** Of four epochs of warm-up. */
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0.5", "2, 1", "3, 1.5", "4, 2", "9, 2"})
  void lambdaRisesFromZeroToItsValue(int epoch, double lambda) {
    for (LayerBackend layers : LayerBackend.values()) {
      ModelConfig warming = new ModelConfig(2, 0, 2, 4, 0.001, 1, 1);
      ComputationGraph graph = fitted(warming, layers, epoch);
      ComputationGraph constant = fitted(new ModelConfig(2, 0, lambda, 0.001, 1), layers, epoch);
      assertThat(graph.score()).isCloseTo(constant.score(), within(1e-6));
      assertThat(graph.params()).isEqualTo(constant.params());
      assertThat(sampling(graph).calcRegularizationScore(true))
          .isCloseTo(sampling(graph).regularisationTerm() * lambda / 2, within(1e-9));
      assertThat(sampling(graph).regularisationTerm()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLearningRateDecaysAfterEachEpoch(LayerBackend layers) {
    ModelConfig decaying = new ModelConfig(2, 0, 0.5, 0, 0.001, 0.5, 1);
    for (int epoch = 0; epoch < 4; epoch++) {
      INDArray parameters = fitted(decaying, layers, epoch).params();
      ModelConfig constant = new ModelConfig(2, 0, 0.5, 0.001 * Math.pow(0.5, epoch), 1);
      assertThat(parameters).isEqualTo(fitted(constant, layers, epoch).params());
    }
    assertThat(fitted(decaying, layers, 0).params())
        .isNotEqualTo(fitted(decaying, layers, 1).params());
  }
}
