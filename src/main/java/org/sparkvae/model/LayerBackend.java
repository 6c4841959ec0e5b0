package org.sparkvae.model;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An implementation of the model's layers. All backends have the same parameters. In single
 * precision, they have the same results.
 */
public enum LayerBackend {
  /** The layers of this project, optimized for this model on a CPU. */
  CPU,
  /**
   * The layers of Deeplearning4j, which also run on a GPU. Models of earlier versions contain the
   * name STOCK.
   */
  @JsonProperty("STOCK")
  DL4J;

  /** Returns the fastest backend that every process of this build can run. */
  public static LayerBackend ofThisBuild() {
    return NativeBackend.hasCuda() ? DL4J : CPU;
  }

  /** Returns the backend of a graph that was built by {@link VaeGraph}. */
  public static LayerBackend of(ComputationGraph autoEncoder) {
    return ((SamplingLayerImpl) autoEncoder.getLayer(VaeGraph.SAMPLE)).layerConf().getLayers();
  }
}
