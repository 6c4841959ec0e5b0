package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Tests the settings that depend on the epoch: KL warm-up and learning-rate decay. */
class EpochSchedulesTest {
  private static ComputationGraph trainStep(ModelConfig config, LayerBackend backend, int epoch) {
    ComputationGraph graph = VaeGraphTest.graph(config, backend);
    graph.getConfiguration().setEpochCount(epoch);
    graph.fit(VaeGraphTest.minibatch(4));
    return graph;
  }

  private static SamplingLayerImpl sampling(ComputationGraph graph) {
    return (SamplingLayerImpl) graph.getLayer(VaeGraph.SAMPLE);
  }

  /** The KL warm-up has four epochs. */
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0.5", "2, 1", "3, 1.5", "4, 2", "9, 2"})
  void lambdaRisesFromZeroToItsValue(int epoch, double lambda) {
    for (LayerBackend backend : LayerBackend.values()) {
      ModelConfig warmup = new ModelConfig(2, DECODER_CHANNELS, 0, 2, 4, 0.001, 1, 1);
      ComputationGraph graph = trainStep(warmup, backend, epoch);
      ComputationGraph constant =
          trainStep(new ModelConfig(2, 0, lambda, 0.001, 1), backend, epoch);
      assertThat(graph.score()).isCloseTo(constant.score(), within(1e-6));
      assertThat(graph.params()).isEqualTo(constant.params());
      assertThat(sampling(graph).calcRegularizationScore(true))
          .isCloseTo(sampling(graph).regularizationTerm() * lambda / 2, within(1e-9));
      assertThat(sampling(graph).regularizationTerm()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void learningRateDecaysAfterEachEpoch(LayerBackend backend) {
    ModelConfig decaying = new ModelConfig(2, DECODER_CHANNELS, 0, 0.5, 0, 0.001, 0.5, 1);
    for (int epoch = 0; epoch < 4; epoch++) {
      INDArray parameters = trainStep(decaying, backend, epoch).params();
      ModelConfig constant = new ModelConfig(2, 0, 0.5, 0.001 * Math.pow(0.5, epoch), 1);
      assertThat(parameters).isEqualTo(trainStep(constant, backend, epoch).params());
    }
    assertThat(trainStep(decaying, backend, 0).params())
        .isNotEqualTo(trainStep(decaying, backend, 1).params());
  }
}
