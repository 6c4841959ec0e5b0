package org.sparkvae.run;

import java.io.IOException;
import java.util.Optional;
import org.apache.commons.io.function.IOConsumer;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.doctor.PreflightChecks;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.CudaEnvironment;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ExecutorLossMonitor;
import org.sparkvae.spark.ExecutorStartupStatus;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.spark.SparkSessions;

/** A Spark session for work on a run, which it locks. It translates the errors of Spark. */
record RunSession(Run run) {
  /**
   * Runs a task with the run's lock and a Spark session.
   *
   * @throws ConfigurationException if another process works on the run, or if Spark or an executor
   *     cannot start because of a setting
   * @throws TransientException if the lock, all executors, a file system or the cluster was lost
   */
  void run(IOConsumer<SparkSession> task) {
    PreflightChecks.checkProcess();
    boolean isOutputNew = !run.output().exists();
    // A lost lock stops Spark, so that the task fails before it writes anything else.
    RunLock lock = RunLock.acquire(run, SparkSessions::stop);
    try (SparkSession spark = SparkSessions.start("spark-vae " + run.id())) {
      runAndReportLostExecutors(task, spark, lock);
    } catch (FSError e) {
      throw translate(new IOException(e.getCause().getMessage(), e), lock);
    } catch (Exception e) {
      throw translate(e, lock);
    } finally {
      lock.release();
      deleteEmptyDirectories(isOutputNew);
    }
  }

  /** Deletes the directories of a command that failed before its first output. */
  private void deleteEmptyDirectories(boolean isOutputNew) {
    run.directory().deleteIfEmpty();
    if (isOutputNew) {
      run.output().deleteIfEmpty();
    }
  }

  /**
   * Runs a task. If it fails because no executor could start, or because all were lost, the
   * exception says so.
   */
  private static void runAndReportLostExecutors(
      IOConsumer<SparkSession> task, SparkSession spark, RunLock lock) throws IOException {
    ExecutorLossMonitor executorMonitor = ExecutorLossMonitor.start(spark.sparkContext());
    try {
      if (lock.isLost()) {
        throw new IllegalStateException("The lock was lost while Spark started.");
      }
      requireGpuOfDriver();
      ExecutorGroup.awaitAny(spark.sparkContext());
      task.accept(spark);
      ExecutorStartupStatus.requireRightResults();
    } catch (Exception e) {
      Optional<String> startupFailure = ExecutorStartupStatus.failure();
      if (startupFailure.isPresent()) {
        throw new ConfigurationException(startupFailure.get(), e);
      }
      if (executorMonitor.hasLostAllExecutors()) {
        throw new TransientException(
            "%s: all executors were lost. Rerun the same command to resume."
                .formatted(spark.sparkContext().master()),
            e);
      }
      throw e;
    } finally {
      executorMonitor.close();
    }
  }

  /** Requires that the driver's card works if the driver computes on one, as in local mode. */
  private static void requireGpuOfDriver() {
    if (!NativeBackend.computesOnGpu()) {
      return;
    }
    try {
      CudaEnvironment.requireDevice();
    } catch (IllegalStateException e) {
      throw new ConfigurationException(
          "driver cannot use GPU '%s': %s. Build without -Pgpu, or see docs/guide/gpu.md."
              .formatted(CudaEnvironment.device(), e.getMessage()),
          e);
    }
  }

  private RuntimeException translate(Exception thrown, RunLock lock) {
    if (lock.isLost()) {
      return new TransientException(
          "Run '%s': this process lost its lock because it was suspended for too long. Another process now works on the run. Wait for it to finish."
              .formatted(run.id()),
          thrown);
    }
    if (thrown instanceof IOException) {
      return new TransientException(
          "%s: %s. Rerun the same command to resume."
              .formatted(run.directory(), thrown.getMessage()),
          thrown);
    }
    // Scala throws Spark's checked exceptions without declaring them.
    return SparkErrors.translate(thrown);
  }
}
