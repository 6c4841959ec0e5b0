package org.sparkvae.training.spark;

import java.lang.reflect.Field;
import java.util.List;
import org.deeplearning4j.spark.parameterserver.pw.SharedTrainingWrapper;
import org.sparkvae.failure.DivergenceFailure;
import org.sparkvae.failure.OutsideFailure;
import org.sparkvae.spark.Executors;
import org.sparkvae.spark.SparkFaults;

/**
 * Finds the exception that ended a worker's run early. Deeplearning4j logs and swallows it, and the
 * Spark task succeeds.
 */
final class WorkerFaults {
  private WorkerFaults() {}

  /**
   * Throws if a worker's run ended early.
   *
   * @throws DivergenceFailure if its loss was not finite
   * @throws OutsideFailure if the network or a file system failed the worker
   * @throws IllegalStateException if the program did
   */
  static void check(Executors executors) {
    List<String> faults = executors.each(WorkerFaults::ofThisProcess);
    for (String fault : faults) {
      if (fault.startsWith(DivergenceFailure.class.getName())) {
        throw new DivergenceFailure(fault);
      }
      String message = "a worker failed: " + fault;
      throw SparkFaults.isOutside(fault)
          ? new OutsideFailure(
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
