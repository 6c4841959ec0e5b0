package org.sparkvae.training.spark;

import java.util.List;
import org.apache.commons.lang3.reflect.FieldUtils;
import org.deeplearning4j.spark.parameterserver.pw.SharedTrainingWrapper;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkErrors;

/**
 * The exceptions that ended workers early. Deeplearning4j only logs such an exception, and the
 * Spark task succeeds.
 */
final class WorkerErrors {
  private WorkerErrors() {}

  /**
   * Checks that no worker ended early.
   *
   * @throws ConfigurationException if a worker had not enough memory for a minibatch
   * @throws DivergenceException if a worker's loss became NaN or infinite
   * @throws InputDataException if a worker received an invalid image
   * @throws TransientException if the network or a file system failed on an executor
   * @throws IllegalStateException if a worker failed for another reason
   */
  static void check(ExecutorGroup executors) {
    List<String> errors = executors.runOnEach(WorkerErrors::ofThisProcess);
    for (String error : errors) {
      throw SparkErrors.ofText(error, "training failed on an executor");
    }
  }

  /** Returns the exception's text, or null if there was no exception. */
  private static String ofThisProcess() throws ReflectiveOperationException {
    Object wrapper = FieldUtils.readStaticField(SharedTrainingWrapper.class, "INSTANCE", true);
    Object thrown = FieldUtils.readField(wrapper, "exception", true);
    return thrown == null ? null : thrown.toString();
  }
}
