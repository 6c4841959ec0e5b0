package org.sparkvae.model;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of the graph vertex of a {@link SamplingLayer}. It passes the three inputs
 * separately: mean and log-variance, {@code [minibatch, L, rows]}, and noise key, {@code
 * [minibatch, 1, rows]}. Deeplearning4j's vertex for layers would first concatenate them into one
 * array.
 */
public final class SamplingVertex extends LayerVertex {
  public SamplingVertex(@JsonProperty("layerConf") NeuralNetConfiguration layer) {
    super(layer, null);
  }

  static SamplingVertex of(String name, SamplingLayer layer) {
    layer.setLayerName(name);
    NeuralNetConfiguration configuration = new NeuralNetConfiguration();
    configuration.setLayer(layer);
    return new SamplingVertex(configuration);
  }

  @Override
  public GraphVertex clone() {
    return new SamplingVertex(getLayerConf().clone());
  }

  @Override
  public int minVertexInputs() {
    return SamplingLayerImpl.INPUTS;
  }

  @Override
  public int maxVertexInputs() {
    return SamplingLayerImpl.INPUTS;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    InputTypeRecurrent mean = (InputTypeRecurrent) inputs[0];
    return InputType.convolutional(mean.getTimeSeriesLength(), 1, mean.getSize());
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType precision) {
    SamplingLayerImpl layer =
        (SamplingLayerImpl)
            getLayerConf()
                .getLayer()
                .instantiate(
                    getLayerConf(), null, index, parameters, initializeParameters, precision);
    return new SamplingGraphVertex(graph, name, index, layer, precision);
  }
}
