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
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.VaeGraph;

/**
 * How long each layer takes in a training step of Model 1 with a minibatch of 100, forward and
 * backward, as a Markdown table: this project's layers beside Deeplearning4j's own.
 */
public final class LayerTimes {
  private static final int MINIBATCH = 100;
  private static final List<String> ROWS =
      List.of("lstm", "relu", "mean", "log_var", "z", "block1", "block2", "block3", "output");

  private LayerTimes() {}

  public static void main(String[] arguments) {
    NativeBackend.choose();
    // First theirs: our layers leave OpenMP with one thread for each that calls it.
    Map<String, double[]> stock = measure(LayerBackend.DL4J, 12);
    Map<String, double[]> cpu = measure(LayerBackend.CPU, 40);
    System.out.println("| layer | forward | backward | DL4J's, forward | backward |");
    System.out.println("|---|---|---|---|---|");
    double[] total = new double[4];
    for (String row : ROWS) {
      double[] ours = of(row, cpu);
      double[] theirs = of(row, stock);
      line(row, ours[0], ours[1], theirs[0], theirs[1]);
      for (int i = 0; i < 2; i++) {
        total[i] += ours[i];
        total[2 + i] += theirs[i];
      }
    }
    line("all", total[0], total[1], total[2], total[3]);
  }

  private static void line(String name, double... times) {
    System.out.printf(
        "| %s | %.1f | %.1f | %.1f | %.1f |%n", name, times[0], times[1], times[2], times[3]);
  }

  /** Deeplearning4j's layers of a block together. */
  private static double[] of(String row, Map<String, double[]> times) {
    double[] sum = new double[2];
    times.forEach(
        (layer, each) -> {
          if (layer.equals(row) || (row.startsWith("block") && layer.startsWith(row))) {
            sum[0] += each[0];
            sum[1] += each[1];
          }
        });
    return sum;
  }

  private static Map<String, double[]> measure(LayerBackend layers, int steps) {
    ComputationGraph graph =
        new ComputationGraph(
            VaeGraph.autoEncoder(new ModelConfig(256, 0.01, 0.5, 0.001, 42), layers));
    graph.init();
    Minibatch minibatch = minibatch();
    graph.fit(minibatch); // lays out the gradients
    Map<String, List<Double>> forward = new LinkedHashMap<>();
    Map<String, List<Double>> backward = new LinkedHashMap<>();
    for (int step = 0; step < steps; step++) {
      if (step == steps / 2) { // the first half warms up
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
      note(forward, vertex, start);
    }
    INDArray[] gradients = new INDArray[vertices.length];
    for (int at = order.length - 1; at >= 0; at--) {
      GraphVertex vertex = vertices[order[at]];
      if (vertex.isInputVertex()) {
        continue;
      }
      long start = System.nanoTime();
      if (vertex.isOutputVertex()) {
        ((IOutputLayer) vertex.getLayer()).setLabels(minibatch.getLabels()[0]);
      } else {
        vertex.setEpsilon(gradients[order[at]]);
      }
      INDArray[] below = vertex.doBackward(false, workspaces).getSecond();
      VertexIndices[] inputs = vertex.getInputVertices();
      for (int i = 0; i < inputs.length; i++) {
        int input = inputs[i].getVertexIndex();
        boolean isFirst = gradients[input] == null;
        gradients[input] = isFirst ? below[i] : gradients[input].addi(below[i]);
      }
      note(backward, vertex, start);
    }
  }

  private static void note(Map<String, List<Double>> times, GraphVertex vertex, long start) {
    times
        .computeIfAbsent(vertex.getVertexName(), name -> new ArrayList<>())
        .add((System.nanoTime() - start) / 1e6);
  }

  private static double median(List<Double> times) {
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** As dark as MNIST: four pixels in five are 0. */
  private static Minibatch minibatch() {
    Random random = new Random(1);
    byte[][] images = new byte[MINIBATCH][ModelConfig.PIXELS];
    for (byte[] image : images) {
      for (int p = 0; p < image.length; p++) {
        image[p] = random.nextInt(5) == 0 ? (byte) random.nextInt(256) : 0;
      }
    }
    return new Minibatch(images, random.longs(MINIBATCH, 0, 1L << 48).toArray());
  }
}
