package org.sparkvae.model.cpu;

import java.util.Collection;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a linear map of each time step, implemented by {@link RowLinearLayer}. In
 * Deeplearning4j this is a convolution with a kernel of 1. Deeplearning4j writes this class to
 * {@code model.zip}, so its name must not change.
 */
public final class RowLinear extends Convolution1DLayer {
  /** Creates an empty configuration, which Jackson fills. */
  public RowLinear() {}

  /**
   * Copies a configuration.
   *
   * @throws IllegalArgumentException if it has a kernel other than 1 or an activation function
   */
  public RowLinear(Convolution1DLayer other) {
    if (other.getKernelSize()[0] != 1 || !(other.getActivationFn() instanceof ActivationIdentity)) {
      throw new IllegalArgumentException(
          "RowLinear: kernel size %d with activation %s is not supported. Use 1 and identity."
              .formatted(other.getKernelSize()[0], other.getActivationFn()));
    }
    setNIn(other.getNIn());
    setNOut(other.getNOut());
    setHasBias(other.hasBias());
    setKernelSize(other.getKernelSize());
    setStride(other.getStride());
    setPadding(other.getPadding());
    setDilation(other.getDilation());
    setConvolutionMode(other.getConvolutionMode());
    setRnnDataFormat(other.getRnnDataFormat());
    setActivationFn(other.getActivationFn());
    setWeightInitFn(other.getWeightInitFn());
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType precision) {
    return CpuLayer.initialize(
        new RowLinearLayer(configuration, precision),
        configuration,
        listeners,
        layerIndex,
        parameters,
        initializeParameters);
  }
}
