package org.sparkvae.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.VaeGraph;

/**
 * A benchmark that prints a Markdown table of the time per layer in a training step of Model 1 with
 * a minibatch of 100, forward and backward, in milliseconds. It compares this project's layers with
 * Deeplearning4j's.
 */
public final class LayerTimes {
  private static final int MINIBATCH = 100;
  private static final ModelConfig MODEL_1 = new ModelConfig(256, 0.01, 0.5, 0.001, 42);

  private LayerTimes() {}

  public static void main(String[] arguments) {
    NativeBackend.select();
    // Deeplearning4j's layers come first because this project's limit OpenMP to one thread.
    Map<String, double[]> dl4j = measure(LayerBackend.DL4J, 12);
    Map<String, double[]> cpu = measure(LayerBackend.CPU, 40);
    System.out.println("| layer | forward | backward | DL4J forward | DL4J backward |");
    System.out.println("|---|---|---|---|---|");
    double[] total = new double[4];
    // A block is one of this project's layers and several of Deeplearning4j's.
    for (String row : cpu.keySet()) {
      double[] cpuTimes = rowTimes(row, cpu);
      double[] dl4jTimes = rowTimes(row, dl4j);
      printRow(row, cpuTimes[0], cpuTimes[1], dl4jTimes[0], dl4jTimes[1]);
      for (int i = 0; i < 2; i++) {
        total[i] += cpuTimes[i];
        total[2 + i] += dl4jTimes[i];
      }
    }
    printRow("all", total[0], total[1], total[2], total[3]);
  }

  private static void printRow(String name, double... times) {
    System.out.printf(
        "| %s | %.1f | %.1f | %.1f | %.1f |%n", name, times[0], times[1], times[2], times[3]);
  }

  /** Returns the times of a row of the table. Deeplearning4j's layers of a block are added. */
  private static double[] rowTimes(String row, Map<String, double[]> times) {
    double[] sum = new double[2];
    times.forEach(
        (layer, layerTimes) -> {
          if (layer.equals(row) || (row.startsWith("block") && layer.startsWith(row))) {
            sum[0] += layerTimes[0];
            sum[1] += layerTimes[1];
          }
        });
    return sum;
  }

  private static Map<String, double[]> measure(LayerBackend backend, int steps) {
    ComputationGraph graph =
        new ComputationGraph(VaeGraph.autoEncoderConfiguration(MODEL_1, backend));
    graph.init();
    Minibatch minibatch = minibatch();
    graph.fit(minibatch); // Allocates the gradients.
    Map<String, List<Double>> forward = new LinkedHashMap<>();
    Map<String, List<Double>> backward = new LinkedHashMap<>();
    for (int step = 0; step < steps; step++) {
      if (step == steps / 2) { // The first half warms up the JIT compiler.
        forward.clear();
        backward.clear();
      }
      step(graph, minibatch, forward, backward);
    }
    Map<String, double[]> medians = new LinkedHashMap<>();
    forward.forEach(
        (layer, times) ->
            medians.put(layer, new double[] {median(times), median(backward.get(layer))}));
    return medians;
  }

  private static void step(
      ComputationGraph graph,
      Minibatch minibatch,
      Map<String, List<Double>> forward,
      Map<String, List<Double>> backward) {
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    graph.setInputs(minibatch.getFeatures());
    GraphVertex[] vertices = graph.getVertices();
    int[] order = graph.topologicalSortOrder();
    INDArray[] activations = new INDArray[vertices.length];
    for (int index : order) {
      GraphVertex vertex = vertices[index];
      if (vertex.isInputVertex()) {
        activations[index] = minibatch.getFeatures()[index];
        continue;
      }
      VertexIndices[] inputs = vertex.getInputVertices();
      long start = System.nanoTime();
      for (int i = 0; i < inputs.length; i++) {
        vertex.setInput(i, activations[inputs[i].getVertexIndex()], workspaces);
      }
      activations[index] = vertex.doForward(true, workspaces);
      record(forward, vertex, start);
    }
    INDArray[] gradients = new INDArray[vertices.length];
    for (int position = order.length - 1; position >= 0; position--) {
      GraphVertex vertex = vertices[order[position]];
      if (vertex.isInputVertex()) {
        continue;
      }
      long start = System.nanoTime();
      if (vertex.isOutputVertex()) {
        ((IOutputLayer) vertex.getLayer()).setLabels(minibatch.getLabels()[0]);
      } else {
        vertex.setEpsilon(gradients[order[position]]);
      }
      INDArray[] inputGradients = vertex.doBackward(false, workspaces).getSecond();
      VertexIndices[] inputs = vertex.getInputVertices();
      for (int i = 0; i < inputs.length; i++) {
        int input = inputs[i].getVertexIndex();
        boolean isFirst = gradients[input] == null;
        gradients[input] = isFirst ? inputGradients[i] : gradients[input].addi(inputGradients[i]);
      }
      record(backward, vertex, start);
    }
  }

  private static void record(Map<String, List<Double>> times, GraphVertex vertex, long start) {
    times
        .computeIfAbsent(vertex.getVertexName(), name -> new ArrayList<>())
        .add((System.nanoTime() - start) / 1e6);
  }

  private static double median(List<Double> times) {
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** Returns random images in which four of five pixels are 0, as in MNIST. */
  private static Minibatch minibatch() {
    Random random = new Random(1);
    byte[][] images = new byte[MINIBATCH][ImageShape.PIXELS];
    for (byte[] image : images) {
      for (int p = 0; p < image.length; p++) {
        image[p] = random.nextInt(5) == 0 ? (byte) random.nextInt(256) : 0;
      }
    }
    return new Minibatch(images, random.longs(MINIBATCH, 0, 1L << 48).toArray());
  }
}
