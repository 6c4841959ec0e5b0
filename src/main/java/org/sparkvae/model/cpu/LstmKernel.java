package org.sparkvae.model.cpu;

import java.util.Arrays;

/**
 * The computations of an LSTM without peepholes (Graves, 2012), with tanh and sigmoid. It processes
 * one image at a time. The gates are stored in Deeplearning4j's order: g (the candidate), f, o, i.
 *
 * <p>Loops over a row of the weights use one index for all arrays, so that the JIT compiler can
 * vectorize them. Zero inputs are skipped: about four in five pixels are 0.
 */
final class LstmKernel {
  /** Number of images per partial sum of gradients. It is fixed for reproducible rounding. */
  private static final int GROUP_SIZE = 5;

  private final int capacity;
  private final int steps;
  private final int in;
  private final int hidden;
  private final float[] gates;
  private final float[] cells;
  private final float[] outputs;
  private int minibatch;

  /**
   * The gradients of the parameters, summed over images.
   *
   * @param input gradient of the input weights, rows of {@code [in, 4·hidden]}
   * @param recurrent gradient of the recurrent weights, rows of {@code [hidden, 4·hidden]}
   * @param bias gradient of the bias, {@code [4·hidden]}
   */
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

  /** Returns whether this kernel can process a minibatch of the given size. */
  boolean fits(int images, int timeSteps) {
    return images <= capacity && timeSteps == steps;
  }

  /**
   * Runs the forward pass of a minibatch. It stores the values that {@link #backward} needs.
   *
   * @param source input, {@code [minibatch, steps, in]}
   * @param images number of images in the minibatch
   * @param inputWeights rows of {@code [in, 4·hidden]}
   * @param recurrentWeights rows of {@code [hidden, 4·hidden]}
   * @param bias bias of the gates, {@code [4·hidden]}
   * @param target output, {@code [minibatch, steps, hidden]}
   */
  void forward(
      NativeFloats source,
      int images,
      float[][] inputWeights,
      float[][] recurrentWeights,
      float[] bias,
      NativeFloats target) {
    minibatch = images;
    KernelThreadPool.parallelFor(
        images,
        GROUP_SIZE,
        (from, to) -> {
          float[] pixels = new float[steps * in];
          float[] gate = new float[4 * hidden];
          float[] cell = new float[hidden];
          float[] output = new float[hidden];
          double[] values = new double[4 * hidden];
          for (int image = from; image < to; image++) {
            source.read((long) image * pixels.length, pixels, pixels.length);
            Arrays.fill(cell, 0);
            Arrays.fill(output, 0);
            for (int step = 0; step < steps; step++) {
              System.arraycopy(bias, 0, gate, 0, gate.length);
              addProduct(pixels, step * in, inputWeights, gate);
              addProduct(output, 0, recurrentWeights, gate);
              activate(gate, cell, output, values);
              int index = image * steps + step;
              System.arraycopy(gate, 0, gates, index * gate.length, gate.length);
              System.arraycopy(cell, 0, cells, index * hidden, hidden);
              System.arraycopy(output, 0, outputs, index * hidden, hidden);
            }
            int floats = steps * hidden;
            target.write((long) image * floats, outputs, image * floats, floats);
          }
        });
  }

  /**
   * Runs the backward pass of the last minibatch.
   *
   * @param source input of the forward pass, {@code [minibatch, steps, in]}
   * @param outGradient gradient of the output, {@code [minibatch, steps, hidden]}
   * @param recurrentWeights recurrent weights of the forward pass
   * @return the gradients, summed over the minibatch
   */
  Gradients backward(NativeFloats source, NativeFloats outGradient, float[][] recurrentWeights) {
    float[][] transposed = new float[4 * hidden][hidden];
    for (int k = 0; k < hidden; k++) {
      for (int j = 0; j < transposed.length; j++) {
        transposed[j][k] = recurrentWeights[k][j];
      }
    }
    Gradients[] groups = new Gradients[(minibatch + GROUP_SIZE - 1) / GROUP_SIZE];
    KernelThreadPool.parallelFor(
        groups.length,
        1,
        (from, to) -> {
          for (int group = from; group < to; group++) {
            groups[group] = Gradients.zero(in, hidden);
            int end = Math.min(minibatch, (group + 1) * GROUP_SIZE);
            for (int image = group * GROUP_SIZE; image < end; image++) {
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
      Gradients total) {
    float[] pixels = new float[steps * in];
    float[] outputGradient = new float[steps * hidden];
    source.read((long) image * pixels.length, pixels, pixels.length);
    outGradient.read((long) image * outputGradient.length, outputGradient, outputGradient.length);
    float[] output = new float[hidden];
    float[] cell = new float[hidden];
    float[] gate = new float[4 * hidden];
    float[] previous = new float[hidden];
    double[] tanhCell = new double[hidden];
    for (int step = steps - 1; step >= 0; step--) {
      for (int k = 0; k < hidden; k++) {
        output[k] += outputGradient[step * hidden + k];
      }
      gateGradients(image * steps + step, step == 0, output, cell, gate, tanhCell);
      Arrays.fill(output, 0);
      addProduct(gate, 0, transposed, output);

      addScaled(total.bias(), gate, 1);
      for (int k = 0; k < in; k++) {
        if (pixels[step * in + k] != 0) {
          addScaled(total.input()[k], gate, pixels[step * in + k]);
        }
      }
      if (step > 0) {
        System.arraycopy(outputs, (image * steps + step - 1) * hidden, previous, 0, hidden);
        for (int k = 0; k < hidden; k++) {
          addScaled(total.recurrent()[k], gate, previous[k]);
        }
      }
    }
  }

  /**
   * Updates c and h by one step: c = f·c + i·g and h = o·tanh c. Replaces the gates by their
   * values.
   *
   * @param values memory for as many numbers as there are gates
   */
  private void activate(float[] gate, float[] cell, float[] output, double[] values) {
    for (int k = 0; k < gate.length; k++) {
      values[k] = k < hidden ? 2 * gate[k] : gate[k];
    }
    FastMath.sigmoid(values, gate.length);
    for (int k = 0; k < gate.length; k++) {
      // The first gate's function is tanh x = 2 · sigmoid(2x) − 1.
      gate[k] = (float) (k < hidden ? 2 * values[k] - 1 : values[k]);
    }
    for (int k = 0; k < hidden; k++) {
      cell[k] = gate[hidden + k] * cell[k] + gate[3 * hidden + k] * gate[k];
      values[k] = cell[k];
    }
    FastMath.tanh(values, hidden);
    for (int k = 0; k < hidden; k++) {
      output[k] = (float) (gate[2 * hidden + k] * values[k]);
    }
  }

  /**
   * Computes the gradients of one step with respect to the inputs of the gates' activation
   * functions.
   *
   * @param index index of image and step
   * @param isFirst whether this is the first step of the image
   * @param output gradient of h
   * @param cell gradient of c from the next step, replaced by the gradient for the previous step
   * @param gradient receives the gradients of the gates
   * @param tanhCell memory for tanh c
   */
  private void gateGradients(
      int index,
      boolean isFirst,
      float[] output,
      float[] cell,
      float[] gradient,
      double[] tanhCell) {
    int gate = index * 4 * hidden;
    for (int k = 0; k < hidden; k++) {
      tanhCell[k] = cells[index * hidden + k];
    }
    FastMath.tanh(tanhCell, hidden);
    for (int k = 0; k < hidden; k++) {
      float g = gates[gate + k];
      float f = gates[gate + hidden + k];
      float o = gates[gate + 2 * hidden + k];
      float i = gates[gate + 3 * hidden + k];
      float tanh = (float) tanhCell[k];
      float previous = isFirst ? 0 : cells[(index - 1) * hidden + k];
      float c = cell[k] + output[k] * o * (1 - tanh * tanh);
      gradient[k] = c * i * (1 - g * g);
      gradient[hidden + k] = c * previous * f * (1 - f);
      gradient[2 * hidden + k] = output[k] * tanh * o * (1 - o);
      gradient[3 * hidden + k] = c * g * i * (1 - i);
      cell[k] = c * f;
    }
  }

  /** Computes target += vector · matrix. */
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
