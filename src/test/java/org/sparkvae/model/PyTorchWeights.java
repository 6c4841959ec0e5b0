package org.sparkvae.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.noise.SplitMix64;

/**
 * The weights of {@code bench/pytorch_reference.py}, computed from the name of a tensor and the
 * index of an element.
 */
public final class PyTorchWeights {
  private static final int HIDDEN = 32;

  private PyTorchWeights() {}

  /**
   * Sets the weights of a graph with {@link LayerBackend#DL4J}. Converts PyTorch's layouts and gate
   * order to Deeplearning4j's.
   */
  public static void load(ComputationGraph graph, ModelConfig config) {
    double lstm = 1 / Math.sqrt(HIDDEN);
    set(
        graph,
        "lstm",
        "W",
        reorderGates(tensor("lstm.weight_ih_l0", lstm, 4 * HIDDEN, 28)).transpose());
    set(
        graph,
        "lstm",
        "RW",
        reorderGates(tensor("lstm.weight_hh_l0", lstm, 4 * HIDDEN, HIDDEN)).transpose());
    set(
        graph,
        "lstm",
        "b",
        reorderGates(
                tensor("lstm.bias_ih_l0", lstm, 4 * HIDDEN, 1)
                    .add(tensor("lstm.bias_hh_l0", lstm, 4 * HIDDEN, 1)))
            .transpose());
    for (String head : new String[] {"mean", "log_var"}) {
      // Deeplearning4j reads the weights of a 1×1 convolution in the layout [in, out] and ignores
      // the shape of their array.
      set(
          graph,
          head,
          "W",
          tensor(head + ".weight", lstm, config.latentChannels(), HIDDEN).transpose().dup('c'));
      set(graph, head, "b", tensor(head + ".bias", lstm, config.latentChannels()));
    }
    config.decoderBlocks().forEach(block -> block(graph, block));
    int inputs = config.outputLayerInputs();
    double output = 1 / Math.sqrt(inputs);
    set(graph, "output", "W", tensor("output.weight", output, 28, inputs).transpose());
    set(graph, "output", "b", tensor("output.bias", output, 28));
  }

  private static void block(ComputationGraph graph, DecoderBlockConfig config) {
    String block = config.name();
    int in = config.inChannels();
    int out = config.outChannels();
    double bound = 1 / Math.sqrt(25.0 * out);
    String norm = block + ".norm.";
    set(graph, block + "_deconv", "W", tensor(block + ".deconv.weight", bound, in, out, 5, 5));
    set(graph, block + "_deconv", "b", tensor(block + ".deconv.bias", bound, out));
    set(graph, block + "_norm", "gamma", tensor(norm + "weight", 0.25, out).add(1));
    set(graph, block + "_norm", "beta", tensor(norm + "bias", 0.25, out));
    set(graph, block + "_norm", "mean", tensor(norm + "running_mean", 0.1, out));
    INDArray variance = tensor(norm + "running_var", 0.5, out).add(1);
    set(
        graph,
        block + "_norm",
        "log10stdev",
        Transforms.log(variance, true).mul(0.5 / Math.log(10)));
  }

  /** Reorders PyTorch's gates i, f, g, o to Deeplearning4j's order g, f, o, i. */
  private static INDArray reorderGates(INDArray stacked) {
    INDArray[] byGate = new INDArray[4];
    int[] order = {2, 1, 3, 0};
    for (int gate = 0; gate < 4; gate++) {
      int from = order[gate] * HIDDEN;
      byGate[gate] = stacked.get(NDArrayIndex.interval(from, from + HIDDEN), NDArrayIndex.all());
    }
    return Nd4j.vstack(byGate);
  }

  static INDArray tensor(String name, double bound, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * uniform(name, i) - 1));
    }
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  private static double uniform(String name, int index) {
    return (SplitMix64.mix(fnv1a(name) + (index + 1) * SplitMix64.STEP) >>> 40) * 0x1p-24;
  }

  private static long fnv1a(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte character : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (character & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** Returns the synthetic image {@code n}, 784 bytes. */
  static byte[] image(int n) {
    byte[] pixels = new byte[ImageShape.PIXELS];
    for (int p = 0; p < pixels.length; p++) {
      long q = SplitMix64.mix(n * 1000003L + p + 12345);
      pixels[p] = (q & 3) == 0 ? (byte) (q >>> 56) : 0;
    }
    return pixels;
  }

  private static void set(ComputationGraph graph, String layer, String parameter, INDArray value) {
    INDArray target = graph.getLayer(layer).getParam(parameter);
    target.assign(value.reshape('c', target.shape()));
  }
}
