package org.sparkvae.training.spark;

import java.lang.reflect.Field;
import java.util.List;
import org.deeplearning4j.spark.parameterserver.pw.SharedTrainingWrapper;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkErrors;

/**
 * Finds the exception that ended a worker's run early. Deeplearning4j logs and swallows it, and the
 * Spark task succeeds.
 */
final class WorkerErrors {
  private WorkerErrors() {}

  /**
   * Throws if a worker's run ended early.
   *
   * @throws DivergenceException if its loss was not finite
   * @throws TransientException if the network or a file system failed the worker
   * @throws IllegalStateException if the program did
   */
  static void check(ExecutorGroup executors) {
    List<String> faults = executors.each(WorkerErrors::ofThisProcess);
    for (String fault : faults) {
      if (fault.startsWith(DivergenceException.class.getName())) {
        throw new DivergenceException(fault);
      }
      String message = "a worker failed: " + fault;
      throw SparkErrors.isOutside(fault)
          ? new TransientException(
              message + "; run the same command again to go on from the last checkpoint")
          : new IllegalStateException(message);
    }
  }

  private static String ofThisProcess() throws ReflectiveOperationException {
    Field instance = SharedTrainingWrapper.class.getDeclaredField("INSTANCE");
    Field exception = SharedTrainingWrapper.class.getDeclaredField("exception");
    instance.setAccessible(true);
    exception.setAccessible(true);
    Throwable fault = (Throwable) exception.get(instance.get(null));
    return fault == null ? null : fault.toString();
  }
}
