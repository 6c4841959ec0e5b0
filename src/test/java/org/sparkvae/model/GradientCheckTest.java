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
 * The whole network's gradient against central differences, in double precision, with fixed noise
 * and batch statistics as in training.
 */
class GradientCheckTest {
  private static final double STEP = 1e-6;
  private static final int PLACES = 4;

  private final Minibatch minibatch = VaeGraphTest.minibatch(2);
  private final INDArray[] features = doubles(minibatch.getFeatures());
  private final INDArray[] labels = doubles(minibatch.getLabels());

  @Test
  void analyticGradientIsTheNumericOne() {
    ModelConfig architecture = new ModelConfig(4, 0, 0.5, 0.001, 3);
    ComputationGraph graph =
        new ComputationGraph(
            VaeGraph.autoEncoder(architecture, LayerBackend.DL4J, DataType.DOUBLE, new NoOp()));
    graph.init();
    graph.setInputs(features);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    INDArray parameters = graph.params();
    INDArray gradient = graph.getFlattenedGradients().dup();
    int checked = 0;
    int moving = 0;
    long start = 0;
    for (Map.Entry<String, INDArray> parameter : graph.paramTable().entrySet()) {
      long length = parameter.getValue().length();
      // Running statistics are not learned by gradient.
      boolean learned = !parameter.getKey().matches(".*_(mean|log10stdev)");
      for (int k = 0; learned && k < PLACES; k++) {
        long place = start + length * (2 * k + 1) / (2 * PLACES);
        // Deeplearning4j's gradient is the minibatch's sum until it updates; the score is the mean.
        double analytic = gradient.getDouble(place) / minibatch.size();
        double numeric = slope(graph, parameters, place);
        assertThat(analytic)
            .as("%s, place %d", parameter.getKey(), place - start)
            .isCloseTo(numeric, within(1e-8 + 1e-4 * Math.abs(numeric)));
        checked++;
        moving += Math.abs(numeric) > 1e-7 ? 1 : 0;
      }
      start += length;
    }
    assertThat(start).isEqualTo(graph.numParams());
    assertThat(checked).isGreaterThan(60);
    assertThat(moving).isGreaterThan(checked / 2);
  }

  private double slope(ComputationGraph graph, INDArray parameters, long place) {
    double value = parameters.getDouble(place);
    parameters.putScalar(place, value + STEP);
    double above = score(graph);
    parameters.putScalar(place, value - STEP);
    double below = score(graph);
    parameters.putScalar(place, value);
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
