package org.sparkvae.model.cpu;

import java.util.Collection;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The base class of the layers in this package. */
abstract class CpuLayer<C extends org.deeplearning4j.nn.conf.layers.BaseLayer>
    extends BaseLayer<C> {
  CpuLayer(NeuralNetConfiguration configuration, DataType precision) {
    super(configuration, precision);
    if (precision != DataType.FLOAT) {
      throw new IllegalStateException(
          "%s: data type %s is not supported. Use FLOAT."
              .formatted(getClass().getSimpleName(), precision));
    }
  }

  /** Initializes a new layer in the same way as Deeplearning4j's layer configurations. */
  static <L extends CpuLayer<?>> L initialize(
      L layer,
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters) {
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(
        configuration
            .getLayer()
            .initializer()
            .init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  /** Returns the number of images of the current input. */
  final int minibatchSize() {
    return (int) input.size(0);
  }

  /** Returns the memory of a parameter or of its gradient. */
  static NativeFloats memory(INDArray array) {
    return NativeFloats.of(array);
  }

  /** Returns a copy of an array's values. */
  static float[] values(INDArray array) {
    float[] values = new float[(int) array.length()];
    NativeFloats.of(array).read(0, values, values.length);
    return values;
  }

  /**
   * Returns an array's memory with the channels last. Copies the array only if its layout differs.
   *
   * @param array {@code [minibatch, channels, …]}
   */
  static NativeFloats channelsLast(INDArray array) {
    INDArray last = array.rank() == 3 ? array.permute(0, 2, 1) : array.permute(0, 2, 3, 1);
    return NativeFloats.of(isContiguous(last) ? last : last.dup('c'));
  }

  /**
   * Creates an uninitialized array.
   *
   * @param shape {@code [minibatch, …, channels]}
   */
  static INDArray createChannelsLast(LayerWorkspaceMgr workspaces, ArrayType type, long... shape) {
    return workspaces.createUninitialized(type, DataType.FLOAT, shape, 'c');
  }

  /**
   * Returns a view of a {@code [minibatch, …, channels]} array as {@code [minibatch, channels, …]}.
   */
  static INDArray channelsFirst(INDArray array) {
    return array.rank() == 3 ? array.permute(0, 2, 1) : array.permute(0, 3, 1, 2);
  }

  private static boolean isContiguous(INDArray array) {
    long expected = 1;
    for (int dimension = array.rank() - 1; dimension >= 0; dimension--) {
      if (array.size(dimension) != 1 && array.stride(dimension) != expected) {
        return false;
      }
      expected *= array.size(dimension);
    }
    return true;
  }
}
