package org.sparkvae.model.cpu;

import java.util.Arrays;

/**
 * An LSTM without peepholes (Graves, 2012), tanh and sigmoid, an image at a time. The gates lie
 * side by side as Deeplearning4j has them: g (the candidate), f, o, i.
 *
 * <p>Products run over a row of the weights with one index for all arrays, which the JIT compiler
 * turns into vector instructions; four in five input pixels are 0 and are passed over.
 */
final class LstmKernel {
  /** Images whose gradients are summed up together, whatever the number of threads. */
  private static final int GROUP = 5;

  private final int capacity;
  private final int steps;
  private final int in;
  private final int hidden;
  private final float[] gates;
  private final float[] cells;
  private final float[] outputs;
  private int minibatch;

  /**
   * Gradients as rows of {@code [in, 4·hidden]}, {@code [hidden, 4·hidden]}, {@code [4·hidden]}.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Gradients(float[][] input, float[][] recurrent, float[] bias) {
    static Gradients zero(int in, int hidden) {
      return new Gradients(
          new float[in][4 * hidden], new float[hidden][4 * hidden], new float[4 * hidden]);
    }

    void add(Gradients other) {
      for (int k = 0; k < input.length; k++) {
        addScaled(input[k], other.input[k], 1);
      }
      for (int k = 0; k < recurrent.length; k++) {
        addScaled(recurrent[k], other.recurrent[k], 1);
      }
      addScaled(bias, other.bias, 1);
    }
  }

  LstmKernel(int capacity, int steps, int in, int hidden) {
    this.capacity = capacity;
    this.steps = steps;
    this.in = in;
    this.hidden = hidden;
    this.gates = new float[capacity * steps * 4 * hidden];
    this.cells = new float[capacity * steps * hidden];
    this.outputs = new float[capacity * steps * hidden];
  }

  boolean fits(int images, int timeSteps) {
    return images <= capacity && timeSteps == steps;
  }

  /**
   * Runs a minibatch forward, keeping what {@link #backward} needs.
   *
   * @param source {@code [minibatch, steps, in]}
   * @param inputWeights rows of {@code [in, 4·hidden]}
   * @param recurrentWeights rows of {@code [hidden, 4·hidden]}
   * @param target {@code [minibatch, steps, hidden]}
   */
  void forward(
      NativeFloats source,
      int images,
      float[][] inputWeights,
      float[][] recurrentWeights,
      float[] bias,
      NativeFloats target) {
    minibatch = images;
    KernelThreadPool.share(
        images,
        GROUP,
        (from, to) -> {
          float[] pixels = new float[steps * in];
          float[] gate = new float[4 * hidden];
          float[] cell = new float[hidden];
          float[] output = new float[hidden];
          for (int image = from; image < to; image++) {
            source.read((long) image * pixels.length, pixels, pixels.length);
            Arrays.fill(cell, 0);
            Arrays.fill(output, 0);
            for (int step = 0; step < steps; step++) {
              System.arraycopy(bias, 0, gate, 0, gate.length);
              addProduct(pixels, step * in, inputWeights, gate);
              addProduct(output, 0, recurrentWeights, gate);
              activate(gate, cell, output);
              int at = image * steps + step;
              System.arraycopy(gate, 0, gates, at * gate.length, gate.length);
              System.arraycopy(cell, 0, cells, at * hidden, hidden);
              System.arraycopy(output, 0, outputs, at * hidden, hidden);
            }
            int floats = steps * hidden;
            target.write((long) image * floats, outputs, image * floats, floats);
          }
        });
  }

  /**
   * Runs the minibatch last seen backward.
   *
   * @param outGradient {@code [minibatch, steps, hidden]}
   */
  Gradients backward(NativeFloats source, NativeFloats outGradient, float[][] recurrentWeights) {
    float[][] transposed = new float[4 * hidden][hidden];
    for (int k = 0; k < hidden; k++) {
      for (int j = 0; j < transposed.length; j++) {
        transposed[j][k] = recurrentWeights[k][j];
      }
    }
    Gradients[] groups = new Gradients[(minibatch + GROUP - 1) / GROUP];
    KernelThreadPool.share(
        groups.length,
        1,
        (from, to) -> {
          for (int group = from; group < to; group++) {
            groups[group] = Gradients.zero(in, hidden);
            int end = Math.min(minibatch, (group + 1) * GROUP);
            for (int image = group * GROUP; image < end; image++) {
              backward(image, source, outGradient, transposed, groups[group]);
            }
          }
        });
    for (int group = 1; group < groups.length; group++) {
      groups[0].add(groups[group]);
    }
    return groups[0];
  }

  private void backward(
      int image,
      NativeFloats source,
      NativeFloats outGradient,
      float[][] transposed,
      Gradients sum) {
    float[] pixels = new float[steps * in];
    float[] above = new float[steps * hidden];
    source.read((long) image * pixels.length, pixels, pixels.length);
    outGradient.read((long) image * above.length, above, above.length);
    float[] output = new float[hidden];
    float[] cell = new float[hidden];
    float[] gate = new float[4 * hidden];
    float[] previous = new float[hidden];
    for (int step = steps - 1; step >= 0; step--) {
      for (int k = 0; k < hidden; k++) {
        output[k] += above[step * hidden + k];
      }
      gateGradients(image * steps + step, step == 0, output, cell, gate);
      Arrays.fill(output, 0);
      addProduct(gate, 0, transposed, output);

      addScaled(sum.bias(), gate, 1);
      for (int k = 0; k < in; k++) {
        if (pixels[step * in + k] != 0) {
          addScaled(sum.input()[k], gate, pixels[step * in + k]);
        }
      }
      if (step > 0) {
        System.arraycopy(outputs, (image * steps + step - 1) * hidden, previous, 0, hidden);
        for (int k = 0; k < hidden; k++) {
          addScaled(sum.recurrent()[k], gate, previous[k]);
        }
      }
    }
  }

  /** From c and h before a step to those after it: c = f·c + i·g and h = o·tanh c. */
  private void activate(float[] gate, float[] cell, float[] output) {
    for (int k = 0; k < hidden; k++) {
      double g = FastMath.tanh(gate[k]);
      double f = FastMath.sigmoid(gate[hidden + k]);
      double o = FastMath.sigmoid(gate[2 * hidden + k]);
      double i = FastMath.sigmoid(gate[3 * hidden + k]);
      cell[k] = (float) (f * cell[k] + i * g);
      output[k] = (float) (o * FastMath.tanh(cell[k]));
      gate[k] = (float) g;
      gate[hidden + k] = (float) f;
      gate[2 * hidden + k] = (float) o;
      gate[3 * hidden + k] = (float) i;
    }
  }

  /**
   * Gradients before the gates' activation functions at one step.
   *
   * @param output gradient of h
   * @param cell gradient of c that comes from the step after; becomes the step before's
   */
  private void gateGradients(
      int at, boolean isFirst, float[] output, float[] cell, float[] gradient) {
    int gate = at * 4 * hidden;
    for (int k = 0; k < hidden; k++) {
      float g = gates[gate + k];
      float f = gates[gate + hidden + k];
      float o = gates[gate + 2 * hidden + k];
      float i = gates[gate + 3 * hidden + k];
      float squashed = (float) FastMath.tanh(cells[at * hidden + k]);
      float before = isFirst ? 0 : cells[(at - 1) * hidden + k];
      float c = cell[k] + output[k] * o * (1 - squashed * squashed);
      gradient[k] = c * i * (1 - g * g);
      gradient[hidden + k] = c * before * f * (1 - f);
      gradient[2 * hidden + k] = output[k] * squashed * o * (1 - o);
      gradient[3 * hidden + k] = c * g * i * (1 - i);
      cell[k] = c * f;
    }
  }

  /** target += vector · matrix. */
  private static void addProduct(float[] vector, int offset, float[][] matrix, float[] target) {
    for (int k = 0; k < matrix.length; k++) {
      if (vector[offset + k] != 0) {
        addScaled(target, matrix[k], vector[offset + k]);
      }
    }
  }

  private static void addScaled(float[] target, float[] source, float factor) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * source[i];
    }
  }
}
