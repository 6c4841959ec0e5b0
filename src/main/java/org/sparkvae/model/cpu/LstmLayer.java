package org.sparkvae.model.cpu;

import static org.deeplearning4j.nn.params.LSTMParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.LSTMParamInitializer.INPUT_WEIGHT_KEY;
import static org.deeplearning4j.nn.params.LSTMParamInitializer.RECURRENT_WEIGHT_KEY;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The implementation of {@link CpuLstm}. It does not compute the gradient of its input and can
 * therefore only be the first layer of a graph.
 */
final class LstmLayer extends CpuLayer<CpuLstm> {
  private transient LstmKernel kernel;

  LstmLayer(NeuralNetConfiguration configuration, DataType precision) {
    super(configuration, precision);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    int steps = (int) input.size(2);
    if (kernel == null || !kernel.fits(minibatchSize(), steps)) {
      kernel =
          new LstmKernel(
              minibatchSize(), steps, (int) layerConf().getNIn(), (int) layerConf().getNOut());
    }
    INDArray output =
        createChannelsLast(
            workspaces, ArrayType.ACTIVATIONS, minibatchSize(), steps, layerConf().getNOut());
    kernel.forward(
        channelsLast(input),
        minibatchSize(),
        rows(getParam(INPUT_WEIGHT_KEY)),
        rows(getParam(RECURRENT_WEIGHT_KEY)),
        values(getParam(BIAS_KEY)),
        memory(output));
    return channelsFirst(output);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    LstmKernel.Gradients gradients =
        kernel.backward(
            channelsLast(input), channelsLast(epsilon), rows(getParam(RECURRENT_WEIGHT_KEY)));
    write(gradients.input(), gradientViews.get(INPUT_WEIGHT_KEY));
    write(gradients.recurrent(), gradientViews.get(RECURRENT_WEIGHT_KEY));
    memory(gradientViews.get(BIAS_KEY)).write(0, gradients.bias(), 0, gradients.bias().length);

    Gradient all = new DefaultGradient();
    gradientViews.forEach(all::setGradientFor);
    return Pair.of(all, null);
  }

  /** Returns the rows of a matrix in column-major order. */
  private static float[][] rows(INDArray matrix) {
    float[] columns = values(matrix);
    int height = (int) matrix.size(0);
    float[][] rows = new float[height][(int) matrix.size(1)];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < rows[row].length; column++) {
        rows[row][column] = columns[column * height + row];
      }
    }
    return rows;
  }

  private static void write(float[][] rows, INDArray matrix) {
    float[] columns = new float[(int) matrix.length()];
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows[row].length; column++) {
        columns[column * rows.length + row] = rows[row][column];
      }
    }
    memory(matrix).write(0, columns, 0, columns.length);
  }
}
