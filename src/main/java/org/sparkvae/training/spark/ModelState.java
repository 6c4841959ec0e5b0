package org.sparkvae.training.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.commons.codec.digest.DigestUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * All that training goes on from, on every replica alike.
 *
 * @param parameters flattened, as Deeplearning4j orders them
 * @param updaterState Adam's moments, likewise
 * @param iterations minibatches that each worker has trained on, which Adam's bias correction
 *     counts
 * @param epochs done
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ModelState(float[] parameters, float[] updaterState, int iterations, int epochs)
    implements Serializable {

  static ModelState of(ComputationGraph model) {
    return new ModelState(
        values(model.params()),
        values(model.getUpdater().getStateViewArray()),
        model.getConfiguration().getIterationCount(),
        model.getConfiguration().getEpochCount());
  }

  static float[] values(INDArray array) {
    return array.reshape(array.length()).toFloatVector();
  }

  void assignTo(ComputationGraph model) {
    assign(model.params(), parameters);
    assign(model.getUpdater().getStateViewArray(), updaterState);
    model.getConfiguration().setIterationCount(iterations);
    model.getConfiguration().setEpochCount(epochs);
  }

  private static void assign(INDArray target, float[] values) {
    target.assign(Nd4j.createFromArray(values).reshape(target.shape()));
  }

  /** Tells whether parameters are the same to the last bit. */
  static String digest(float[] parameters) {
    ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES);
    bytes.asFloatBuffer().put(parameters);
    return DigestUtils.sha256Hex(bytes.array());
  }
}
