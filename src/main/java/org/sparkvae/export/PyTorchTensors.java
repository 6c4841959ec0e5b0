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
 * A model's parameters and running statistics by the names, in the layouts and with the order of
 * the LSTM's gates that PyTorch's {@code nn.LSTM}, {@code nn.Linear}, {@code nn.ConvTranspose2d}
 * and {@code nn.BatchNorm2d} have.
 */
final class PyTorchTensors {
  /** Deeplearning4j stacks the gates g, f, o, i; PyTorch i, f, g, o. */
  private static final int[] GATES = {3, 1, 0, 2};

  private final ComputationGraph model;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private PyTorchTensors(ComputationGraph model) {
    this.model = model;
  }

  /** In the order of the model's layers. */
  static Map<String, Tensor> of(ComputationGraph autoEncoder, ModelConfig architecture) {
    // Deeplearning4j's own layers, whose layouts are known.
    PyTorchTensors all =
        new PyTorchTensors(VaeGraph.with(LayerBackend.DL4J, autoEncoder, architecture));
    all.lstm();
    all.linear(VaeGraph.MEAN);
    all.linear(VaeGraph.LOG_VARIANCE);
    all.block("block1");
    all.block("block2");
    all.block("block3");
    all.put("output.weight", all.parameter(VaeGraph.OUTPUT, "W").transpose());
    all.put("output.bias", all.vector(VaeGraph.OUTPUT, "b"));
    return all.tensors;
  }

  private void lstm() {
    put("lstm.weight_ih_l0", gates(parameter("lstm", "W").transpose()));
    put("lstm.weight_hh_l0", gates(parameter("lstm", "RW").transpose()));
    INDArray bias = gates(vector("lstm", "b"));
    put("lstm.bias_ih_l0", bias);
    // PyTorch adds two, Deeplearning4j has the sum.
    put("lstm.bias_hh_l0", Nd4j.zeros(bias.length()));
  }

  /** Puts what belongs to each gate, along the first dimension, into PyTorch's order. */
  private static INDArray gates(INDArray array) {
    INDArray byGate = array.dup('c').reshape('c', GATES.length, array.length() / GATES.length);
    return Nd4j.pullRows(byGate, 1, GATES, 'c').reshape('c', array.shape());
  }

  /**
   * Deeplearning4j reads a 1×1 convolution's weights as [in, out], whatever shape it gives them.
   */
  private void linear(String layer) {
    INDArray bias = vector(layer, "b");
    INDArray weights = parameter(layer, "W");
    long in = weights.length() / bias.length();
    put(layer + ".weight", weights.dup('c').reshape('c', in, bias.length()).transpose());
    put(layer + ".bias", bias);
  }

  private void block(String block) {
    put(block + ".deconv.weight", parameter(block + "_deconv", "W"));
    put(block + ".deconv.bias", vector(block + "_deconv", "b"));
    put(block + ".norm.weight", vector(block + "_norm", "gamma"));
    put(block + ".norm.bias", vector(block + "_norm", "beta"));
    put(block + ".norm.running_mean", vector(block + "_norm", "mean"));
    put(
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

  private void put(String name, INDArray array) {
    tensors.put(name, Tensor.of(array));
  }
}
