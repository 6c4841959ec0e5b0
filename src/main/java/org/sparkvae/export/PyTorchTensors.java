package org.sparkvae.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.VaeGraph;

/**
 * The conversion of a model's parameters and running statistics to PyTorch. Names, layouts and the
 * order of the LSTM's gates are those of {@code nn.LSTM}, {@code nn.Linear}, {@code
 * nn.ConvTranspose2d} and {@code nn.BatchNorm2d}.
 */
final class PyTorchTensors {
  /** Indices of PyTorch's gates i, f, g, o in Deeplearning4j's order g, f, o, i. */
  private static final int[] GATE_ORDER = {3, 1, 0, 2};

  private final ComputationGraph model;
  private final Map<String, INDArray> tensors = new LinkedHashMap<>();

  private PyTorchTensors(ComputationGraph model) {
    this.model = model;
  }

  /** Returns the tensors by name, in the order of the model's layers. */
  static Map<String, INDArray> of(ComputationGraph autoEncoder, ModelConfig config) {
    // The DL4J backend has one layer for each PyTorch module.
    PyTorchTensors converter =
        new PyTorchTensors(VaeGraph.withBackend(LayerBackend.DL4J, autoEncoder, config));
    converter.lstm();
    converter.linear(VaeGraph.MEAN);
    converter.linear(VaeGraph.LOG_VARIANCE);
    config.decoderBlocks().forEach(block -> converter.block(block.name()));
    converter.tensors.put("output.weight", converter.parameter(VaeGraph.OUTPUT, "W").transpose());
    converter.tensors.put("output.bias", converter.vector(VaeGraph.OUTPUT, "b"));
    return converter.tensors;
  }

  private void lstm() {
    tensors.put("lstm.weight_ih_l0", reorderGates(parameter("lstm", "W").transpose()));
    tensors.put("lstm.weight_hh_l0", reorderGates(parameter("lstm", "RW").transpose()));
    INDArray bias = reorderGates(vector("lstm", "b"));
    tensors.put("lstm.bias_ih_l0", bias);
    // PyTorch adds two bias vectors. Deeplearning4j has one, which is their sum.
    tensors.put("lstm.bias_hh_l0", Nd4j.zeros(bias.length()));
  }

  /** Reorders the gates, which are stacked along the first dimension, to PyTorch's order. */
  private static INDArray reorderGates(INDArray array) {
    INDArray byGate =
        array.dup('c').reshape('c', GATE_ORDER.length, array.length() / GATE_ORDER.length);
    return Nd4j.pullRows(byGate, 1, GATE_ORDER, 'c').reshape('c', array.shape());
  }

  /**
   * Converts a linear head. Deeplearning4j reads the weights of a 1×1 convolution in the layout
   * [in, out] and ignores the shape of their array.
   */
  private void linear(String layer) {
    INDArray bias = vector(layer, "b");
    INDArray weights = parameter(layer, "W");
    long in = weights.length() / bias.length();
    tensors.put(layer + ".weight", weights.dup('c').reshape('c', in, bias.length()).transpose());
    tensors.put(layer + ".bias", bias);
  }

  private void block(String block) {
    tensors.put(block + ".deconv.weight", parameter(block + "_deconv", "W"));
    tensors.put(block + ".deconv.bias", vector(block + "_deconv", "b"));
    tensors.put(block + ".norm.weight", vector(block + "_norm", "gamma"));
    tensors.put(block + ".norm.bias", vector(block + "_norm", "beta"));
    tensors.put(block + ".norm.running_mean", vector(block + "_norm", "mean"));
    tensors.put(
        block + ".norm.running_var",
        Transforms.exp(vector(block + "_norm", "log10stdev").mul(2 * Math.log(10)), true));
  }

  private INDArray parameter(String layer, String name) {
    return model.getLayer(layer).getParam(name);
  }

  private INDArray vector(String layer, String name) {
    INDArray parameter = parameter(layer, name);
    return parameter.dup('c').reshape(parameter.length());
  }
}
