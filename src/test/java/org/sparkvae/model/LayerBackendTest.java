package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.sparkvae.model.cpu.KernelThreadPool;

/**
 * This project's layers compute what Deeplearning4j's own do. Theirs compute in double precision
 * here: in single precision a minibatch of 100 has some windows whose two largest values are told
 * apart by rounding, and two roundings of the same function then send gradients different ways.
 * Against double precision that is rare; with the shapes below it does not happen, with some larger
 * minibatches it does, and a gradient is then off by some 10⁻⁵ more.
 */
class LayerBackendTest {
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "256, 0.01, 1",
    "256, 0.01, 7",
    "256, 0.01, 100",
    "16, 0, 1",
    "16, 0, 7",
    "16, 0, 100"
  })
  void modelsOfTheReport(int latentChannels, double dropout, int minibatch) {
    compare(new ModelConfig(latentChannels, dropout, 0.5, 0.001, 11), minibatch);
  }

  static List<Object[]> randomShapes() {
    Random random = new Random(3);
    List<Object[]> shapes = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      int latentChannels = 2 * (1 + random.nextInt(40));
      shapes.add(new Object[] {latentChannels, random.nextInt(3) * 0.2, 1 + random.nextInt(30)});
    }
    return shapes;
  }

  @ParameterizedTest
  @MethodSource("randomShapes")
  void anyShape(int latentChannels, double dropout, int minibatch) {
    compare(new ModelConfig(latentChannels, dropout, 0.7, 0.001, latentChannels), minibatch);
  }

  @Test
  void initialWeightsAreTheSame() {
    assertThat(bits(VaeGraphTest.graph(VaeGraphTest.MODEL_1, LayerBackend.CPU).params()))
        .isEqualTo(bits(VaeGraphTest.graph(VaeGraphTest.MODEL_1, LayerBackend.DL4J).params()));
  }

  @Test
  void aModelTrainedByOneGoesOnWithTheOther() {
    ComputationGraph cpu = VaeGraphTest.graph(VaeGraphTest.MODEL_2, LayerBackend.CPU);
    cpu.fit(VaeGraphTest.minibatch(5));
    ComputationGraph stock = VaeGraph.with(LayerBackend.DL4J, cpu, VaeGraphTest.MODEL_2);
    assertThat(LayerBackend.of(stock)).isEqualTo(LayerBackend.DL4J);
    assertThat(stock.params()).isEqualTo(cpu.params());
    assertThat(stock.getConfiguration().getIterationCount()).isEqualTo(1);
    INDArray before = cpu.params().dup();
    for (ComputationGraph each : List.of(cpu, stock)) {
      each.fit(VaeGraphTest.minibatch(5));
    }
    double moved = cpu.params().distance2(before);
    // Adam's steps are the sign of what is hardly more than rounding, here and there.
    assertThat(stock.params().distance2(cpu.params())).isLessThan(0.02 * moved);
  }

  @Test
  void oneGraphTakesMinibatchesOfAnySizeInTurn() {
    ComputationGraph cpu = VaeGraphTest.graph(VaeGraphTest.MODEL_2, LayerBackend.CPU);
    for (int size : new int[] {60, 7, 100, 1, 26}) {
      ComputationGraph fresh = VaeGraphTest.graph(VaeGraphTest.MODEL_2, LayerBackend.CPU);
      Minibatch minibatch = VaeGraphTest.minibatch(size);
      step(cpu, minibatch);
      step(fresh, minibatch);
      assertThat(cpu.score()).as("%d images", size).isEqualTo(fresh.score());
      assertThat(bits(cpu.getFlattenedGradients())).isEqualTo(bits(fresh.getFlattenedGradients()));
      assertThat(bits(output(cpu, minibatch))).isEqualTo(bits(output(fresh, minibatch)));
    }
  }

  @Test
  void graphsOfTwoThreadsDoNotDisturbEachOther() {
    Minibatch minibatch = VaeGraphTest.minibatch(60);
    ComputationGraph graph = VaeGraphTest.graph(VaeGraphTest.MODEL_2, LayerBackend.CPU);
    INDArray expected = KernelThreadPool.alone(() -> output(graph, minibatch)).detach();
    List<CompletableFuture<INDArray>> outputs = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      outputs.add(
          CompletableFuture.supplyAsync(
              () -> {
                ComputationGraph own = VaeGraphTest.graph(VaeGraphTest.MODEL_2, LayerBackend.CPU);
                own.setParams(graph.params());
                INDArray last = null;
                for (int n = 0; n < 5; n++) {
                  last = KernelThreadPool.alone(() -> output(own, minibatch));
                }
                return last.detach();
              }));
    }
    outputs.forEach(output -> assertThat(bits(output.join())).isEqualTo(bits(expected)));
  }

  @Test
  void theNumberOfThreadsDoesNotMatter() {
    INDArray expected = null;
    try {
      for (int threads : new int[] {1, 2, 3, 7}) {
        KernelThreadPool.use(threads);
        ComputationGraph graph = VaeGraphTest.graph(VaeGraphTest.MODEL_2, LayerBackend.CPU);
        Nd4j.getRandom().setSeed(5);
        graph.fit(VaeGraphTest.minibatch(60));
        expected = expected == null ? graph.params() : expected;
        assertThat(graph.params().distance2(expected))
            .as("%d threads", threads)
            .isLessThan(1e-4 * expected.norm2Number().doubleValue());
      }
    } finally {
      KernelThreadPool.use(Runtime.getRuntime().availableProcessors());
    }
  }

  private static void compare(ModelConfig architecture, int size) {
    ComputationGraph cpu = VaeGraphTest.graph(architecture, LayerBackend.CPU);
    ComputationGraph stock =
        new ComputationGraph(
            VaeGraph.autoEncoder(
                architecture, LayerBackend.DL4J, DataType.DOUBLE, new Adam(0.001)));
    stock.init();
    INDArray parameters = disturbed(stock, cpu.params(), new Random(size));
    cpu.setParams(parameters);
    stock.setParams(parameters.castTo(DataType.DOUBLE));
    Minibatch minibatch = VaeGraphTest.minibatch(size);

    assertClose("inference", output(stock, minibatch), output(cpu, minibatch));
    step(stock, minibatch);
    step(cpu, minibatch);
    assertThat(cpu.score()).isCloseTo(stock.score(), within(TOLERANCE * stock.score()));
    double[] kl = kl(stock);
    for (int image = 0; image < size; image++) {
      assertThat(kl(cpu)[image]).isCloseTo(kl[image], within(TOLERANCE * kl[image]));
    }
    long offset = 0;
    // The running statistics' moves are among these.
    for (Map.Entry<String, INDArray> each : stock.paramTable().entrySet()) {
      long length = each.getValue().length();
      assertClose(
          "gradient of " + each.getKey(),
          part(stock.getFlattenedGradients(), offset, length),
          part(cpu.getFlattenedGradients(), offset, length));
      offset += length;
    }
  }

  /** Running statistics, biases, scales of either sign: nothing stays at its initial value. */
  private static INDArray disturbed(ComputationGraph graph, INDArray initial, Random random) {
    INDArray parameters = initial.dup();
    long offset = 0;
    for (Map.Entry<String, INDArray> each : graph.paramTable().entrySet()) {
      long length = each.getValue().length();
      for (long i = offset; !each.getKey().endsWith("W") && i < offset + length; i++) {
        parameters.putScalar(i, parameters.getDouble(i) + 0.5 * random.nextGaussian());
      }
      offset += length;
    }
    return parameters;
  }

  private static void step(ComputationGraph graph, Minibatch minibatch) {
    graph.setInputs(features(graph, minibatch));
    graph.setLabels(minibatch.getLabels()[0].castTo(graph.params().dataType()));
    Nd4j.getRandom().setSeed(17);
    graph.computeGradientAndScore();
  }

  private static INDArray output(ComputationGraph graph, Minibatch minibatch) {
    return graph.outputSingle(features(graph, minibatch));
  }

  private static INDArray[] features(ComputationGraph graph, Minibatch minibatch) {
    return Arrays.stream(minibatch.getFeatures())
        .map(array -> array.castTo(graph.params().dataType()))
        .toArray(INDArray[]::new);
  }

  /** Arrays of Deeplearning4j are equal to each other if they are nearly so. */
  private static float[] bits(INDArray array) {
    return array.dup('c').reshape(array.length()).toFloatVector();
  }

  private static double[] kl(ComputationGraph graph) {
    return ((SamplingLayerImpl) graph.getLayer(VaeGraph.SAMPLE)).klNatsPerImage();
  }

  private static INDArray part(INDArray all, long offset, long length) {
    return all.reshape(all.length()).get(NDArrayIndex.interval(offset, offset + length));
  }

  private static void assertClose(String what, INDArray expected, INDArray actual) {
    double size = expected.norm2Number().doubleValue();
    INDArray difference = actual.castTo(DataType.DOUBLE).sub(expected);
    assertThat(difference.amaxNumber().doubleValue())
        .as("%s, largest", what)
        .isLessThanOrEqualTo(5 * TOLERANCE * expected.amaxNumber().doubleValue());
    assertThat(actual.castTo(DataType.DOUBLE).distance2(expected))
        .as(what)
        .isLessThanOrEqualTo(TOLERANCE * size);
  }
}
