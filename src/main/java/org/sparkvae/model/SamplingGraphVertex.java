package org.sparkvae.model;

import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.noise.DropoutMask;
import org.sparkvae.model.noise.ImageDropout;

/** The implementation of {@link SamplingVertex}. */
@SuppressWarnings("overrides") // The warning is about the superclass.
final class SamplingGraphVertex extends LayerVertex {
  private final SamplingLayerImpl sampling;

  SamplingGraphVertex(
      ComputationGraph graph,
      String name,
      int index,
      SamplingLayerImpl sampling,
      DataType precision) {
    super(graph, name, index, sampling, null, false, precision);
    this.sampling = sampling;
  }

  @Override
  public void setInput(int number, INDArray input, LayerWorkspaceMgr workspaces) {
    inputs[number] = input;
    if (number == 0) {
      // Deeplearning4j reads the minibatch size from the input of a layer.
      sampling.setInput(input, workspaces);
    }
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (training) {
      setMaskSeeds(SamplingLayerImpl.keys(inputs[2]));
    }
    return sampling.sample(inputs[0], inputs[1], inputs[2], workspaces);
  }

  /** Gives the images' keys to the layers with dropout, which all come after this vertex. */
  private void setMaskSeeds(long[] noiseKeys) {
    int number = 0;
    for (Layer layer : graph.getLayers()) {
      ImageDropout dropout = dropout(layer);
      if (dropout != null) {
        int layerNumber = number++;
        dropout.setMaskSeeds(
            LongStream.of(noiseKeys).map(key -> DropoutMask.seed(key, layerNumber)).toArray());
      }
    }
  }

  private static ImageDropout dropout(Layer layer) {
    if (layer instanceof ImageDropout own) {
      return own;
    }
    return layer.conf().getLayer().getIDropout() instanceof ImageDropout configured
        ? configured
        : null;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    return Pair.of(
        new DefaultGradient(), sampling.backward(inputs[0], inputs[1], epsilon, workspaces));
  }
}
