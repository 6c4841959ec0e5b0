package org.sparkvae.model;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Which layers compute the model's function; parameters and results are the same. */
public enum Layers {
  /** This project's, made for this model on a CPU. */
  CPU,
  /** Deeplearning4j's own, which also run on a GPU. */
  STOCK;

  /** The fastest that every process of this build's jars can run. */
  public static Layers ofThisBuild() {
    return NativeBackend.hasCuda() ? STOCK : CPU;
  }

  /** The layers that a graph of {@link VaeGraph} was made with. */
  public static Layers of(ComputationGraph autoEncoder) {
    return ((Sampling) autoEncoder.getLayer(VaeGraph.SAMPLE)).layerConf().getLayers();
  }
}
