package org.sparkvae.training.spark;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The positions of batch norm's running statistics within a model's flattened parameters.
 *
 * <p>Running statistics are not trained by gradients. Each step moves them by a tenth towards the
 * statistics of the minibatch. Delaying these updates, or summing them over workers, would move the
 * statistics too far.
 */
record BatchNormStatistics(List<Range> ranges) {
  private static final Set<String> PARAMETER_NAMES =
      Set.of(GLOBAL_MEAN, GLOBAL_VAR, GLOBAL_LOG_STD);

  /**
   * A range of flattened parameters.
   *
   * @param from the first index
   * @param to the index after the last
   */
  record Range(int from, int to) {}

  static BatchNormStatistics of(ComputationGraph model) {
    List<Range> ranges = new ArrayList<>();
    long start = model.params().offset();
    for (Map.Entry<String, INDArray> parameter : model.paramTable().entrySet()) {
      // Keys have the form layer_parameter. The name of the layer can contain underscores.
      String name = parameter.getKey().substring(parameter.getKey().lastIndexOf('_') + 1);
      if (PARAMETER_NAMES.contains(name)) {
        int from = (int) (parameter.getValue().offset() - start);
        ranges.add(new Range(from, from + (int) parameter.getValue().length()));
      }
    }
    return new BatchNormStatistics(ranges);
  }
}
