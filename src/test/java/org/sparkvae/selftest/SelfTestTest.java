package org.sparkvae.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.config.Precision;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.selftest.SelfTest.Outcome;

class SelfTestTest {
  private static final Path STORED =
      Path.of("src/main/resources/org/sparkvae/selftest", SelfTest.RESOURCE);
  private static final MathContext DIGITS = new MathContext(9);

  /** Processors differ in the last digits, even in double precision. */
  private static final double PRECISION = 1e-7;

  private static final double ROUNDING = 1e-6;

  /** With {@code -Dupdate.selftest=true}, it writes the stored results. */
  @Test
  void storedResultsAreThoseOfDeeplearning4jInDoublePrecision() throws Exception {
    Map<SelfTestModel, Map<String, double[]>> expected = new EnumMap<>(SelfTestModel.class);
    for (SelfTestModel model : SelfTestModel.values()) {
      ComputationGraph graph = model.create(LayerBackend.DL4J, DataType.DOUBLE, Precision.FLOAT32);
      expected.put(model, results(graph));
    }
    if (Boolean.getBoolean("update.selftest")) {
      write(expected);
      return;
    }
    expected.forEach(
        (model, results) -> {
          Map<String, double[]> stored = SelfTest.stored(model);
          assertThat(stored.keySet()).containsExactlyElementsOf(results.keySet());
          results.forEach(
              (name, result) ->
                  assertThat(TensorSketch.relativeDistance(result, stored.get(name)))
                      .as("%s, %s: update with -Dupdate.selftest=true", model, name)
                      .isLessThan(PRECISION));
        });
  }

  private static Map<String, double[]> results(ComputationGraph graph) {
    Map<String, double[]> results = new LinkedHashMap<>(SelfTestModel.inference(graph));
    results.putAll(SelfTestModel.training(graph));
    return results;
  }

  /**
   * Rounding ten times as large as in single precision changes no result by more than half of the
   * tolerance. Correct processes are therefore not rejected, however their libraries round.
   */
  @ParameterizedTest
  @EnumSource(SelfTestModel.class)
  void resultsDoNotJumpWithRounding(SelfTestModel model) {
    Random random = new Random(1);
    Map<String, double[]> exact =
        results(model.create(LayerBackend.DL4J, DataType.DOUBLE, Precision.FLOAT32));
    for (int n = 0; n < 3; n++) {
      ComputationGraph rounded =
          model.create(LayerBackend.DL4J, DataType.DOUBLE, Precision.FLOAT32);
      double[] factors = random.doubles(rounded.numParams(), 1 - ROUNDING, 1 + ROUNDING).toArray();
      rounded.params().muli(Nd4j.createFromArray(factors).reshape(rounded.params().shape()));

      results(rounded)
          .forEach(
              (name, result) ->
                  assertThat(TensorSketch.relativeDistance(exact.get(name), result))
                      .as(name)
                      .isLessThan(5e-6));
    }
  }

  private static void write(Map<SelfTestModel, Map<String, double[]>> results) throws Exception {
    Map<SelfTestModel, Map<String, BigDecimal[]>> rounded = new EnumMap<>(SelfTestModel.class);
    results.forEach(
        (model, sketches) -> {
          Map<String, BigDecimal[]> numbers = new LinkedHashMap<>();
          sketches.forEach(
              (name, sketch) ->
                  numbers.put(
                      name,
                      Arrays.stream(sketch)
                          .mapToObj(value -> new BigDecimal(value, DIGITS))
                          .toArray(BigDecimal[]::new)));
          rounded.put(model, numbers);
        });
    Files.createDirectories(STORED.getParent());
    Files.writeString(
        STORED,
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rounded) + "\n");
  }

  static Stream<Arguments> layers() {
    return Arrays.stream(SelfTestModel.values())
        .flatMap(
            model ->
                Arrays.stream(LayerBackend.values()).map(backend -> Arguments.of(model, backend)));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void bothBackendsPass(SelfTestModel model, LayerBackend backend) {
    SelfTest test = new SelfTest(model, Precision.FLOAT32);

    Outcome outcome = test.run(test.create(backend));

    assertThat(outcome.deviation()).as(outcome.toString()).isBetween(0.0, outcome.tolerance() / 2);
    assertThat(outcome.isFailure()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"MODEL_1, FLOAT32", "MODEL_1, BFLOAT16", "MODEL_2, FLOAT32", "MODEL_2, BFLOAT16"})
  void thisProcessPasses(SelfTestModel model, Precision precision) {
    SelfTest test = new SelfTest(model, precision);
    assertThat(test.run().isFailure()).isFalse();
    assertThat(test.runInference().isFailure()).isFalse();
  }

  /** Each tensor of the smaller model, and one of the other models and layers. */
  static Stream<Arguments> tensors() {
    SelfTestModel small = SelfTestModel.MODEL_2;
    ComputationGraph model = small.create(LayerBackend.CPU, DataType.FLOAT, Precision.FLOAT32);
    return Stream.concat(
        model.paramTable().keySet().stream()
            .flatMap(
                name ->
                    Stream.of(0.0, 0.5, Double.NaN)
                        .map(factor -> Arguments.of(small, LayerBackend.CPU, name, factor))),
        layers()
            .map(arguments -> arguments.get())
            .map(layers -> Arguments.of(layers[0], layers[1], "block1_W", 0.5)));
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void wrongGradientIsNamed(
      SelfTestModel size, LayerBackend backend, String tensor, double factor) {
    SelfTest test = new SelfTest(size, Precision.FLOAT32);
    ComputationGraph model = test.create(backend);
    model.setListeners(
        new BaseTrainingListener() {
          @Override
          public void onBackwardPass(Model graph) {
            String layer = backend == LayerBackend.DL4J ? "block1_deconv" : "block1";
            gradient((ComputationGraph) graph, tensor.replace("block1", layer)).muli(factor);
          }
        });

    Outcome outcome = test.run(model);

    assertThat(outcome.result()).isEqualTo("gradient of " + tensor);
  }

  private static INDArray gradient(ComputationGraph graph, String tensor) {
    return graph.gradient().gradientForVariable().get(tensor);
  }

  @Test
  void wrongReconstructionIsNamed() {
    SelfTest test = new SelfTest(SelfTestModel.MODEL_2, Precision.FLOAT32);
    ComputationGraph model = test.create(LayerBackend.CPU);
    INDArray scale = model.getParam("block2_gamma");
    scale.putScalar(5, scale.getDouble(5) * 1.01);

    assertThat(test.run(model).result()).isEqualTo("reconstruction");
  }

  @Test
  void wrongUpdateIsNamed() {
    SelfTest test = new SelfTest(SelfTestModel.MODEL_2, Precision.FLOAT32);
    ComputationGraph model = test.create(LayerBackend.CPU);
    // Adam's bias correction depends on the number of iterations.
    model.getConfiguration().setIterationCount(1);

    assertThat(test.run(model).result()).isEqualTo("update of output_b");
  }
}
