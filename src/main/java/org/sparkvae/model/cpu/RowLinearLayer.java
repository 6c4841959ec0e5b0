package org.sparkvae.model.cpu;

import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The implementation of {@link RowLinear}: y = x·W + b for each time step of {@code [minibatch,
 * channels, time]}. The memory layout of W is {@code [in, out]}, as Deeplearning4j reads it.
 */
final class RowLinearLayer extends CpuLayer<RowLinear> {
  private static final int IMAGE_CHUNK_SIZE = 10;
  private static final int COLUMN_CHUNK_SIZE = 64;

  RowLinearLayer(NeuralNetConfiguration configuration, DataType precision) {
    super(configuration, precision);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray output =
        createChannelsLast(workspaces, ArrayType.ACTIVATIONS, minibatchSize(), steps(), out());
    NativeFloats source = channelsLast(input);
    NativeFloats target = memory(output);
    Blas.Matrix weights = new Blas.Matrix(memory(getParam(WEIGHT_KEY)), 0, out());
    float[] bias = values(getParam(BIAS_KEY));
    KernelThreadPool.parallelFor(
        minibatchSize(),
        IMAGE_CHUNK_SIZE,
        (from, to) -> {
          float[] image = new float[steps() * out()];
          for (int start = 0; start < image.length; start += out()) {
            System.arraycopy(bias, 0, image, start, out());
          }
          for (int n = from; n < to; n++) {
            target.write((long) n * image.length, image, 0, image.length);
          }
          Blas.multiply(
              rows(source, from, in()),
              weights,
              rows(target, from, out()),
              (to - from) * steps(),
              in(),
              out(),
              1);
        });
    return channelsFirst(output);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray inGradient =
        createChannelsLast(workspaces, ArrayType.ACTIVATION_GRAD, minibatchSize(), steps(), in());
    NativeFloats source = channelsLast(input);
    NativeFloats outGradient = channelsLast(epsilon);
    NativeFloats target = memory(inGradient);
    NativeFloats weightGradient = memory(gradientViews.get(WEIGHT_KEY));
    Blas.Matrix weights = new Blas.Matrix(memory(getParam(WEIGHT_KEY)), 0, out());
    KernelThreadPool.parallelFor(
        minibatchSize(),
        IMAGE_CHUNK_SIZE,
        (from, to) ->
            Blas.multiplyByTransposed(
                rows(outGradient, from, out()),
                weights,
                rows(target, from, in()),
                (to - from) * steps(),
                out(),
                in(),
                0));
    KernelThreadPool.parallelFor(
        out(),
        COLUMN_CHUNK_SIZE,
        (from, to) -> {
          Blas.transposedMultiply(
              rows(source, 0, in()),
              new Blas.Matrix(outGradient, from, out()),
              new Blas.Matrix(weightGradient, from, out()),
              in(),
              minibatchSize() * steps(),
              to - from);
        });
    float[] bias = biasGradient(outGradient);
    memory(gradientViews.get(BIAS_KEY)).write(0, bias, 0, bias.length);

    Gradient all = new DefaultGradient();
    all.setGradientFor(BIAS_KEY, gradientViews.get(BIAS_KEY));
    all.setGradientFor(WEIGHT_KEY, gradientViews.get(WEIGHT_KEY));
    return Pair.of(all, channelsFirst(inGradient));
  }

  /** Returns the sum of all rows. Its rounding does not depend on the number of threads. */
  private float[] biasGradient(NativeFloats gradient) {
    double[][] sums = new double[minibatchSize()][];
    KernelThreadPool.parallelFor(
        minibatchSize(),
        IMAGE_CHUNK_SIZE,
        (from, to) -> {
          float[] image = new float[steps() * out()];
          for (int n = from; n < to; n++) {
            gradient.read((long) n * image.length, image, image.length);
            sums[n] = sumOfRows(image);
          }
        });
    float[] total = new float[out()];
    for (int i = 0; i < total.length; i++) {
      double sum = 0;
      for (double[] image : sums) {
        sum += image[i];
      }
      total[i] = (float) sum;
    }
    return total;
  }

  private double[] sumOfRows(float[] image) {
    double[] sum = new double[out()];
    for (int start = 0; start < image.length; start += sum.length) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += image[start + i];
      }
    }
    return sum;
  }

  private Blas.Matrix rows(NativeFloats buffer, int image, int width) {
    return new Blas.Matrix(buffer, (long) image * steps() * width, width);
  }

  private int in() {
    return (int) layerConf().getNIn();
  }

  private int out() {
    return (int) layerConf().getNOut();
  }

  private int steps() {
    return (int) input.size(2);
  }
}
