package org.sparkvae.training.spark;

import java.io.Serializable;
import org.apache.commons.codec.digest.DigestUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The complete training state of a model, from which every replica starts an epoch.
 *
 * @param parameters the flattened parameters, in Deeplearning4j's order
 * @param updaterState Adam's flattened moments, in Deeplearning4j's order
 * @param iterations the number of minibatches that each worker has trained on, for Adam's bias
 *     correction
 * @param epochs the number of epochs trained
 */
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

  /** Returns a digest that is equal only for bitwise equal parameters and moments. */
  String digest() {
    return digest(parameters) + digest(updaterState);
  }

  /** Returns the SHA-256 of the parameters, which is equal only for bitwise equal parameters. */
  static String digest(float[] parameters) {
    return DigestUtils.sha256Hex(FloatBytes.of(parameters).bytes());
  }

  private Object writeReplace() {
    return new SerializedForm(
        FloatBytes.of(parameters), FloatBytes.of(updaterState), iterations, epochs);
  }

  private record SerializedForm(
      FloatBytes parameters, FloatBytes updaterState, int iterations, int epochs)
      implements Serializable {
    private Object readResolve() {
      return new ModelState(parameters.values(), updaterState.values(), iterations, epochs);
    }
  }
}
