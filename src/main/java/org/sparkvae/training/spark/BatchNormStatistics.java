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
 * Where among a model's flattened parameters batch norm keeps its running statistics. They are no
 * gradients: each step moves them a tenth of the way to a minibatch's own, so that updates that are
 * held back or summed over workers would carry them past it.
 */
final class BatchNormStatistics {
  private static final Set<String> KEYS = Set.of(GLOBAL_MEAN, GLOBAL_VAR, GLOBAL_LOG_STD);

  private final List<Range> ranges;

  record Range(int from, int to) {}

  private BatchNormStatistics(List<Range> ranges) {
    this.ranges = ranges;
  }

  static BatchNormStatistics of(ComputationGraph model) {
    List<Range> ranges = new ArrayList<>();
    long first = model.params().offset();
    for (Map.Entry<String, INDArray> parameter : model.paramTable().entrySet()) {
      // layer_key, where the layer's name may hold underscores too.
      String key = parameter.getKey().substring(parameter.getKey().lastIndexOf('_') + 1);
      if (KEYS.contains(key)) {
        int from = (int) (parameter.getValue().offset() - first);
        ranges.add(new Range(from, from + (int) parameter.getValue().length()));
      }
    }
    return new BatchNormStatistics(ranges);
  }

  List<Range> ranges() {
    return ranges;
  }
}
