package org.sparkvae.model;

import java.util.Collection;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of the reparameterised sampling z = μ + σ·ε (Kingma and Welling, 2013, section
 * 2.4), which also adds the report's regularisation term to the score. No parameters.
 *
 * <p>Input: mean, log-variance and noise key stacked along the channels, {@code [minibatch, 2L + 1,
 * 28]}; Deeplearning4j stacks a layer's several inputs by itself. Output: {@code [minibatch, L, 28,
 * 1]}, images of one column for the decoder.
 */
public final class SamplingLayer extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  private final int latentSize;
  private final double lambda;

  public SamplingLayer(
      @JsonProperty("latentSize") int latentSize, @JsonProperty("lambda") double lambda) {
    this.latentSize = latentSize;
    this.lambda = lambda;
  }

  public int getLatentSize() {
    return latentSize;
  }

  public double getLambda() {
    return lambda;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType precision) {
    Sampling layer = new Sampling(configuration, precision);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType input) {
    InputTypeRecurrent stacked = (InputTypeRecurrent) input;
    if (stacked.getSize() != 2L * latentSize + 1) {
      throw new IllegalStateException(
          "sampling takes %d channels, got %d".formatted(2 * latentSize + 1, stacked.getSize()));
    }
    return InputType.convolutional(stacked.getTimeSeriesLength(), 1, latentSize);
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    return new LayerMemoryReport.Builder(
            layerName, SamplingLayer.class, input, getOutputType(-1, input))
        .standardMemory(0, 0)
        .build();
  }
}
