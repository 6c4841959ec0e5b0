package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Compares the gradient of the whole network with central differences, in double precision, with
 * fixed noise and with the batch statistics of training.
 */
class GradientCheckTest {
  private static final double STEP = 1e-6;
  private static final int ELEMENTS_PER_PARAMETER = 2;

  private final Minibatch minibatch = VaeGraphTest.minibatch(2);
  private final INDArray[] features = doubles(minibatch.getFeatures());
  private final INDArray[] labels = doubles(minibatch.getLabels());

  @Test
  void analyticGradientMatchesNumericGradient() {
    ModelConfig config = new ModelConfig(4, 0, 0.5, 0.001, 3);
    ComputationGraph graph =
        new ComputationGraph(
            VaeGraph.autoEncoderConfiguration(
                config, LayerBackend.DL4J, DataType.DOUBLE, new NoOp()));
    graph.init();
    graph.setInputs(features);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    INDArray parameters = graph.params();
    INDArray gradient = graph.getFlattenedGradients().dup();
    int checked = 0;
    int nonZero = 0;
    long offset = 0;
    for (Map.Entry<String, INDArray> parameter : graph.paramTable().entrySet()) {
      long length = parameter.getValue().length();
      // Running statistics have no gradient.
      boolean learned = !parameter.getKey().matches(".*_(mean|log10stdev)");
      for (int k = 0; learned && k < ELEMENTS_PER_PARAMETER; k++) {
        long index = offset + length * (2 * k + 1) / (2 * ELEMENTS_PER_PARAMETER);
        // Before an update, Deeplearning4j's gradient is the minibatch's sum. The score is the
        // mean.
        double analytic = gradient.getDouble(index) / minibatch.size();
        double numeric = slope(graph, parameters, index);
        assertThat(analytic)
            .as("%s, element %d", parameter.getKey(), index - offset)
            .isCloseTo(numeric, within(1e-8 + 1e-4 * Math.abs(numeric)));
        checked++;
        nonZero += Math.abs(numeric) > 1e-7 ? 1 : 0;
      }
      offset += length;
    }
    assertThat(offset).isEqualTo(graph.numParams());
    assertThat(checked).isGreaterThan(30);
    assertThat(nonZero).isGreaterThan(checked / 2);
  }

  private double slope(ComputationGraph graph, INDArray parameters, long index) {
    double value = parameters.getDouble(index);
    parameters.putScalar(index, value + STEP);
    double above = score(graph);
    parameters.putScalar(index, value - STEP);
    double below = score(graph);
    parameters.putScalar(index, value);
    return (above - below) / (2 * STEP);
  }

  private double score(ComputationGraph graph) {
    return graph.score(new MultiDataSet(features, labels), true);
  }

  private static INDArray[] doubles(INDArray[] arrays) {
    INDArray[] doubles = new INDArray[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      doubles[i] = arrays[i].castTo(DataType.DOUBLE);
    }
    return doubles;
  }
}
