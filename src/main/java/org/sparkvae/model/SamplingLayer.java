package org.sparkvae.model;

import java.util.Collection;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of the reparameterized sampling z = μ + σ·ε (Kingma and Welling, 2013, section
 * 2.4). The layer also adds the reference's regularization term to the score. It has no parameters
 * and is used through {@link SamplingVertex}.
 *
 * <p>Deeplearning4j writes this class to {@code model.zip}. The class name and the JSON properties
 * {@code lambda}, {@code warmUp} (the KL warm-up in epochs) and {@code layers} (the backend) must
 * not change, so that existing models remain readable.
 */
public final class SamplingLayer extends NoParamLayer {
  private final double lambda;
  private final int klWarmupEpochs;
  private final LayerBackend layers;

  public SamplingLayer(
      @JsonProperty("lambda") double lambda,
      @JsonProperty("warmUp") int klWarmupEpochs,
      @JsonProperty("layers") LayerBackend layers) {
    this.lambda = lambda;
    this.klWarmupEpochs = klWarmupEpochs;
    this.layers = layers;
  }

  public double getLambda() {
    return lambda;
  }

  /**
   * Returns the KL warm-up in epochs. The property is omitted if it is 0, as in models that were
   * written before the KL warm-up existed.
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  public int getWarmUp() {
    return klWarmupEpochs;
  }

  public LayerBackend getLayers() {
    return layers;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType precision) {
    SamplingLayerImpl layer = new SamplingLayerImpl(configuration, precision);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType input) {
    throw new UnsupportedOperationException(
        "SamplingLayer: the output type depends on three inputs. Use SamplingVertex.");
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    return new LayerMemoryReport.Builder(layerName, SamplingLayer.class, input, input)
        .standardMemory(0, 0)
        .build();
  }
}
