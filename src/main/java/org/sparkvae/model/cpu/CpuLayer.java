package org.sparkvae.model.cpu;

import java.util.Collection;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the layers of this package have in common. */
abstract class CpuLayer<C extends org.deeplearning4j.nn.conf.layers.BaseLayer>
    extends BaseLayer<C> {
  private static final long serialVersionUID = 1L;

  CpuLayer(NeuralNetConfiguration configuration, DataType precision) {
    super(configuration, precision);
    if (precision != DataType.FLOAT) {
      throw new IllegalStateException(
          "%s computes in single precision, not in %s"
              .formatted(getClass().getSimpleName(), precision));
    }
  }

  /** As each of Deeplearning4j's configurations does with the layer it makes. */
  static <L extends CpuLayer<?>> L wired(
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

  final int minibatch() {
    return (int) input.size(0);
  }

  /** The memory of a parameter or its gradient. */
  static NativeFloats memory(INDArray array) {
    return NativeFloats.of(array);
  }

  static float[] values(INDArray array) {
    float[] values = new float[(int) array.length()];
    NativeFloats.of(array).read(0, values, values.length);
    return values;
  }

  /**
   * An array's memory with the channels last, copied only if it is not so already.
   *
   * @param array {@code [minibatch, channels, …]}
   */
  static NativeFloats channelsLast(INDArray array) {
    INDArray last = array.permute(channelsLastOrder(array.rank()));
    return NativeFloats.of(isInOrder(last) ? last : last.dup('c'));
  }

  /**
   * A new array.
   *
   * @param shape {@code [minibatch, …, channels]}
   */
  static INDArray createChannelsLast(LayerWorkspaceMgr workspaces, ArrayType type, long... shape) {
    return workspaces.createUninitialized(type, DataType.FLOAT, shape, 'c');
  }

  /** A view of a {@code [minibatch, …, channels]} array as {@code [minibatch, channels, …]}. */
  static INDArray channelsFirst(INDArray array) {
    return array.rank() == 3 ? array.permute(0, 2, 1) : array.permute(0, 3, 1, 2);
  }

  private static int[] channelsLastOrder(int rank) {
    return rank == 3 ? new int[] {0, 2, 1} : new int[] {0, 2, 3, 1};
  }

  private static boolean isInOrder(INDArray array) {
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
