package org.sparkvae.model.cpu;

import java.util.Collection;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Configuration of Deeplearning4j's LSTM, run by {@link LstmLayer}. */
public final class CpuLstm extends LSTM {
  private static final long serialVersionUID = 1L;

  /** For JSON. */
  public CpuLstm() {}

  /** The same as another, which must have tanh and sigmoid as its activations. */
  public CpuLstm(LSTM other) {
    if (!(other.getActivationFn() instanceof ActivationTanH)
        || !(other.getGateActivationFn() instanceof ActivationSigmoid)) {
      throw new IllegalArgumentException(
          "%s and %s instead of tanh and sigmoid"
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
    return CpuLayer.wired(
        new LstmLayer(configuration, precision),
        configuration,
        listeners,
        layerIndex,
        parameters,
        initializeParameters);
  }
}
