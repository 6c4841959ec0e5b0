package org.sparkvae.model.cpu;

import java.util.Collection;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of Deeplearning4j's LSTM with {@link LstmLayer} as its implementation.
 * Deeplearning4j writes this class to {@code model.zip}, so its name must not change.
 */
public final class CpuLstm extends LSTM {
  /** Creates an empty configuration, which Jackson fills. */
  public CpuLstm() {}

  /**
   * Copies a configuration.
   *
   * @throws IllegalArgumentException if its activation functions are not tanh and sigmoid
   */
  public CpuLstm(LSTM other) {
    if (!(other.getActivationFn() instanceof ActivationTanH)
        || !(other.getGateActivationFn() instanceof ActivationSigmoid)) {
      throw new IllegalArgumentException(
          "CpuLstm: activation functions %s and %s are not supported. Use tanh and sigmoid."
              .formatted(other.getActivationFn(), other.getGateActivationFn()));
    }
    setNIn(other.getNIn());
    setNOut(other.getNOut());
    setRnnDataFormat(other.getRnnDataFormat());
    setActivationFn(other.getActivationFn());
    setGateActivationFn(other.getGateActivationFn());
    setForgetGateBiasInit(other.getForgetGateBiasInit());
    setWeightInitFn(other.getWeightInitFn());
    setWeightInitFnRecurrent(other.getWeightInitFnRecurrent());
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
        new LstmLayer(configuration, precision),
        configuration,
        listeners,
        layerIndex,
        parameters,
        initializeParameters);
  }
}
