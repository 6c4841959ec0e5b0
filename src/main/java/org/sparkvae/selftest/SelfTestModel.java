package org.sparkvae.selftest;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.sparkvae.config.Precision;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.model.noise.SplitMix64;

/**
 * The models and the minibatch of the self-test. Parameters and pixels are functions of their
 * index, so all processes have the same ones.
 */
enum SelfTestModel {
  /** The shape of the reference's Model 1, with more dropout. */
  MODEL_1(256, 0.2),
  /** The shape of the reference's Model 2. */
  MODEL_2(16, 0);

  private static final int IMAGES = 4;

  /**
   * A seed with which no two values of a pooling window are nearly equal, and no input of ReLU is
   * nearly 0. With some others, rounding sends a gradient to another place, which changes it by up
   * to 4·10⁻³.
   */
  private static final long SEED = 12;

  private static final double PARAMETER_RANGE = 0.1;

  /** A learning rate at which the rounding of parameters is small compared with their update. */
  private static final double LEARNING_RATE = 10;

  /**
   * Adam's moments before the step. With them, the update is a smooth function of the gradient. The
   * first update of a training is the sign of the gradient, which rounding can change.
   */
  private static final double MOMENT = 1e-10;

  private static final String RECONSTRUCTION = "reconstruction";
  private static final String LOSS = "loss";

  private static final int ITERATIONS_BEFORE = 1000;

  private final int latentChannels;
  private final double dropout;

  SelfTestModel(int latentChannels, double dropout) {
    this.latentChannels = latentChannels;
    this.dropout = dropout;
  }

  /** Returns the model whose number of latent channels is closest to the given one. */
  static SelfTestModel closestTo(int latentChannels) {
    return latentChannels <= (MODEL_1.latentChannels + MODEL_2.latentChannels) / 2
        ? MODEL_2
        : MODEL_1;
  }

  /**
   * Creates the model.
   *
   * @param numbers type of all arrays
   * @param precision precision of the factors in the products of the decoder's blocks
   */
  ComputationGraph create(LayerBackend backend, DataType numbers, Precision precision) {
    ModelConfig config =
        new ModelConfig(
            latentChannels,
            ModelConfig.DECODER_CHANNELS,
            dropout,
            0.5,
            0,
            LEARNING_RATE,
            1,
            1,
            precision);
    ComputationGraph model =
        new ComputationGraph(
            VaeGraph.autoEncoderConfiguration(config, backend, numbers, new Adam(LEARNING_RATE)));
    model.init();
    model.setParams(Nd4j.createFromArray(parameters(model)).castTo(numbers));
    model.getUpdater().getStateViewArray().assign(MOMENT);
    model.getConfiguration().setIterationCount(ITERATIONS_BEFORE);
    return model;
  }

  /** Returns parameters that are uniform around 0, or around 1 for the scales of batch norm. */
  private static double[] parameters(ComputationGraph model) {
    double[] parameters = new double[(int) model.numParams()];
    for (Tensor tensor : tensors(model)) {
      double center = tensor.name.endsWith("_gamma") ? 1 : 0;
      for (int i = tensor.start; i < tensor.end; i++) {
        parameters[i] = (float) (center + PARAMETER_RANGE * (2 * uniform(i) - 1));
      }
    }
    return parameters;
  }

  /**
   * Returns the sketch of the reconstruction, as it is computed for trained models.
   *
   * @param model a model from {@link #create}
   */
  static Map<String, double[]> inference(ComputationGraph model) {
    double[] pixels = values(model.outputSingle(features(model)));
    return Map.of(RECONSTRUCTION, TensorSketch.of(pixels, 0, pixels.length));
  }

  /** Returns whether a result is that of a forward pass, not a gradient or an update. */
  static boolean isForwardResult(String result) {
    return result.equals(RECONSTRUCTION) || result.equals(LOSS);
  }

  /**
   * Takes one step of training and returns the loss and sketches of the gradients and of the
   * updates. They are in the order in which they are computed, so that the first wrong one shows
   * where the error is.
   *
   * @param model a model from {@link #create}
   */
  static Map<String, double[]> training(ComputationGraph model) {
    INDArray[] features = features(model);
    INDArray[] labels = cast(minibatch().getLabels(), model);
    model.setInputs(features);
    model.setLabels(labels);
    model.computeGradientAndScore();
    double[] gradients = values(model.getFlattenedGradients());
    Map<String, double[]> results = new LinkedHashMap<>();
    results.put(LOSS, new double[] {model.score()});
    List<Tensor> backward = Lists.reverse(tensors(model));
    for (Tensor tensor : backward) {
      results.put("gradient of " + tensor.name, tensor.sketch(gradients));
    }

    double[] updates = values(model.params());
    model.fit(features, labels);
    double[] updated = values(model.params());
    Arrays.setAll(updates, i -> updates[i] - updated[i]);
    for (Tensor tensor : backward) {
      results.put("update of " + tensor.name, tensor.sketch(updates));
    }
    return results;
  }

  private static INDArray[] features(ComputationGraph model) {
    return cast(minibatch().getFeatures(), model);
  }

  private static INDArray[] cast(INDArray[] arrays, ComputationGraph model) {
    return Arrays.stream(arrays)
        .map(array -> array.castTo(model.params().dataType()))
        .toArray(INDArray[]::new);
  }

  private static Minibatch minibatch() {
    byte[][] images = new byte[IMAGES][ImageShape.PIXELS];
    long[] keys = new long[IMAGES];
    for (int image = 0; image < IMAGES; image++) {
      keys[image] = NoiseKey.of(1, 1, image);
      for (int pixel = 0; pixel < ImageShape.PIXELS; pixel++) {
        images[image][pixel] =
            (byte) (256 * uniform(-1L - pixel - (long) image * ImageShape.PIXELS));
      }
    }
    return new Minibatch(images, keys);
  }

  /** Returns a hash of the index, uniform in [0, 1). */
  private static double uniform(long index) {
    return (SplitMix64.mix(SplitMix64.mix(SEED) + index * SplitMix64.STEP) >>> 11) * 0x1p-53;
  }

  private static double[] values(INDArray array) {
    return array.dup('c').reshape(array.length()).toDoubleVector();
  }

  /**
   * A parameter tensor.
   *
   * @param name name of the layer and of the parameter, which is the same in all backends
   * @param start index of the first value in the parameter vector
   * @param end index after the last value
   */
  private record Tensor(String name, int start, int end) {
    double[] sketch(double[] vector) {
      return TensorSketch.of(vector, start, end);
    }
  }

  private static List<Tensor> tensors(ComputationGraph model) {
    List<Tensor> tensors = new ArrayList<>();
    int start = 0;
    for (Map.Entry<String, INDArray> parameter : model.paramTable().entrySet()) {
      int end = start + (int) parameter.getValue().length();
      // Deeplearning4j's backend has two layers where the CPU backend has one.
      String name = parameter.getKey().replaceFirst("_(deconv|norm)", "");
      tensors.add(new Tensor(name, start, end));
      start = end;
    }
    return tensors;
  }
}
