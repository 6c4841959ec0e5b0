package org.sparkvae.model;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Which layers compute the model's function; parameters and results are the same. */
public enum LayerBackend {
  /** This project's, made for this model on a CPU. */
  CPU,
  /** Deeplearning4j's own, which also run on a GPU. */
  DL4J;

  /** The fastest that every process of this build's jars can run. */
  public static LayerBackend ofThisBuild() {
    return NativeBackend.hasCuda() ? DL4J : CPU;
  }

  /** The layers that a graph of {@link VaeGraph} was made with. */
  public static LayerBackend of(ComputationGraph autoEncoder) {
    return ((SamplingLayerImpl) autoEncoder.getLayer(VaeGraph.SAMPLE)).layerConf().getLayers();
  }
}
