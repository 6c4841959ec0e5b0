package org.sparkvae.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.selftest.SelfTest;
import org.sparkvae.selftest.SelfTest.Outcome;

/** The self-test of the process that runs a task. Each test runs once per process. */
public final class ProcessSelfTest {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessSelfTest.class);

  /** The outcomes of tests of both training and inference. */
  private static final Map<SelfTest, Outcome> TRAINING = new ConcurrentHashMap<>();

  private static final Map<SelfTest, Outcome> INFERENCE = new ConcurrentHashMap<>();

  private ProcessSelfTest() {}

  /**
   * The result of a process.
   *
   * @param process the process, such as {@code driver} or {@code executor 0 (10.0.0.7)}
   * @param backend its native library or GPU, see {@link NativeBackend#description}
   */
  public record Result(String process, String backend, Outcome outcome) implements Serializable {}

  /** Tests training and inference in this process. */
  public static Result run(SelfTest test) {
    return result(TRAINING.computeIfAbsent(test, SelfTest::run));
  }

  /**
   * Reads a model for inference in a task, and tests inference in this process. If the test fails,
   * the driver cancels all jobs.
   *
   * @param archive an archive from {@link ModelFile}
   * @throws ConfigurationException if this process computes wrong reconstructions
   */
  public static ComputationGraph readModel(byte[] archive) {
    ComputationGraph model = ModelFile.read(archive);
    try {
      requireInference(model);
    } catch (ConfigurationException e) {
      try {
        SparkVaePlugin.ask(new ExecutorStartupStatus.WrongResultsMessage(e.getMessage()));
      } catch (RuntimeException unreported) {
        e.addSuppressed(unreported);
      }
      throw e;
    }
    return model;
  }

  /**
   * Tests inference in this process.
   *
   * @param model the model that will be decoded
   * @throws ConfigurationException if this process computes wrong reconstructions
   */
  public static void requireInference(ComputationGraph model) {
    SelfTest test = SelfTest.of(model);
    Outcome outcome = TRAINING.get(test);
    if (outcome == null) {
      outcome = INFERENCE.computeIfAbsent(test, SelfTest::runInference);
    }
    requireSuccess(result(outcome));
  }

  private static Result result(Outcome outcome) {
    return new Result(processName(), NativeBackend.description(), outcome);
  }

  /**
   * Logs a result and requires that the process computed the stored values.
   *
   * @return the result
   * @throws ConfigurationException if it did not
   */
  public static Result check(Result result) {
    LOG.info("{}, {}, self-test: {}", result.process, result.backend, result.outcome);
    requireSuccess(result);
    return result;
  }

  private static void requireSuccess(Result result) {
    if (result.outcome.isFailure()) {
      throw new ConfigurationException(
          "%s, self-test: %s. Its results would be wrong. Exclude this host, and see docs/guide/doctor.md."
              .formatted(result.process, result.outcome));
    }
  }

  private static String processName() {
    SparkEnv process = SparkEnv.get();
    return process == null || process.executorId().equals(ExecutorGroup.DRIVER)
        ? ExecutorGroup.DRIVER
        : "executor %s (%s)"
            .formatted(process.executorId(), process.blockManager().blockManagerId().host());
  }
}
