package org.sparkvae.selftest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.config.Precision;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.model.CudaEnvironment;
import org.sparkvae.model.DecoderBlockConfig;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.cpu.DecoderBlock;

/**
 * A test of the layers and native libraries with which a process computes a model. It decodes a
 * small minibatch and takes one step of training on it. It compares the results with those of
 * Deeplearning4j's layers on a CPU in double precision, which are stored in {@value #RESOURCE}.
 *
 * @param model the model to compute
 * @param precision precision of the factors in the products of the decoder's blocks
 */
public record SelfTest(SelfTestModel model, Precision precision) implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);

  static final String RESOURCE = "self-test.json";

  private static final double CPU_TOLERANCE = 1e-5;
  private static final double CUDA_TOLERANCE = 1e-3;

  /** With oneDNN's emulation of bfloat16, the largest deviation was 6e-4. */
  private static final double BFLOAT16_TOLERANCE = 0.01;

  /**
   * Rounding of factors changes which value of some pooling windows is the largest, and their
   * gradient then flows to another place. With oneDNN's emulation, the largest deviation was 0.13.
   */
  private static final double BFLOAT16_GRADIENT_TOLERANCE = 0.2;

  /** Returns the test for Model 1 in single precision. */
  public static SelfTest ofModel1() {
    return new SelfTest(SelfTestModel.MODEL_1, Precision.FLOAT32);
  }

  /** Returns the test whose shapes are closest to those of a model. */
  public static SelfTest of(ComputationGraph autoEncoder) {
    long latentChannels = autoEncoder.getLayer(VaeGraph.MEAN).getParam("b").length();
    Precision precision =
        LayerBackend.of(autoEncoder) == LayerBackend.CPU
            ? ((DecoderBlock) autoEncoder.getLayer(DecoderBlockConfig.name(1)).conf().getLayer())
                .precision()
            : Precision.FLOAT32;
    return new SelfTest(SelfTestModel.closestTo((int) latentChannels), precision);
  }

  /**
   * The largest deviation from the stored results. If several exceed the tolerance, it is the one
   * of the result that was computed first.
   *
   * @param result name of the result, such as {@code gradient of block1_W}
   * @param deviation Euclidean distance from the stored result, relative to the length of that
   * @param tolerance the largest deviation of a process that computes correctly
   * @param error the error for which the process cannot compute the test; empty if it can
   */
  public record Outcome(String result, double deviation, double tolerance, String error)
      implements Serializable {
    /** Returns whether the process cannot compute the test. */
    public boolean isError() {
      return !error.isEmpty();
    }

    /** Returns whether the process computes wrong results, or none. */
    public boolean isFailure() {
      return deviation > tolerance;
    }

    @Override
    public String toString() {
      return !isError()
          ? "%s differs by %.1e from the stored value (tolerance %.0e)"
              .formatted(result, deviation, tolerance)
          : "it cannot be computed (%s)".formatted(error);
    }
  }

  /** Runs the test, which takes about a second in a new process. */
  public Outcome run() {
    return outcome(() -> run(create(LayerBackend.ofThisBuild())));
  }

  Outcome run(ComputationGraph graph) {
    Map<String, double[]> results = new LinkedHashMap<>(SelfTestModel.inference(graph));
    results.putAll(SelfTestModel.training(graph));
    return compare(results);
  }

  /** Runs the part of the test that decodes images. */
  public Outcome runInference() {
    return outcome(() -> compare(SelfTestModel.inference(create(LayerBackend.ofThisBuild()))));
  }

  /** Returns the outcome of a test. A GPU is more likely to fail than to compute wrong results. */
  private static Outcome outcome(Supplier<Outcome> test) {
    try {
      if (NativeBackend.computesOnGpu()) {
        CudaEnvironment.requireDevice();
      }
      return test.get();
    } catch (RuntimeException | LinkageError e) {
      LOG.error("The self-test cannot be computed.", e);
      return new Outcome(
          "",
          Double.POSITIVE_INFINITY,
          0,
          ErrorText.firstLine(ExceptionUtils.getRootCause(e).toString()));
    }
  }

  ComputationGraph create(LayerBackend backend) {
    return model.create(backend, DataType.FLOAT, precision);
  }

  private Outcome compare(Map<String, double[]> results) {
    Map<String, double[]> stored = stored(model);
    Outcome largest = null;
    for (Map.Entry<String, double[]> result : results.entrySet()) {
      double deviation =
          TensorSketch.relativeDistance(stored.get(result.getKey()), result.getValue());
      Outcome outcome = new Outcome(result.getKey(), deviation, tolerance(result.getKey()), "");
      if (outcome.isFailure()) {
        return outcome;
      }
      if (largest == null || deviation > largest.deviation) {
        largest = outcome;
      }
    }
    return largest;
  }

  private double tolerance(String result) {
    if (NativeBackend.computesOnGpu()) {
      return CUDA_TOLERANCE;
    }
    if (NativeBackend.supported(precision) == Precision.FLOAT32) {
      return CPU_TOLERANCE;
    }
    return SelfTestModel.isForwardResult(result) ? BFLOAT16_TOLERANCE : BFLOAT16_GRADIENT_TOLERANCE;
  }

  static Map<String, double[]> stored(SelfTestModel model) {
    try (InputStream file = SelfTest.class.getResourceAsStream(RESOURCE)) {
      return new ObjectMapper()
          .readValue(file, new TypeReference<Map<SelfTestModel, Map<String, double[]>>>() {})
          .get(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
