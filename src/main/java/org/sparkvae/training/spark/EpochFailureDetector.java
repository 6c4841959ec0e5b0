package org.sparkvae.training.spark;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.lang3.ObjectUtils;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Resubmitted$;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.status.AppStatusStore;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.JvmErrors;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.ProcessClock;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.spark.SparkSessions;

/**
 * A detector that ends an epoch that cannot finish correctly. Deeplearning4j's workers neither
 * notice the loss of another worker nor replace it, and their driver waits forever.
 */
final class EpochFailureDetector implements AutoCloseable {
  /**
   * The timeout for the first minibatch of the first epoch. It is long, because every executor
   * first fetches the job's jars, about 450 MB.
   */
  private static final Duration FIRST_MINIBATCH_TIMEOUT = Duration.ofMinutes(5);

  /** The minimum timeout for each further minibatch. */
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(50);

  /**
   * The timeout for each further minibatch, as a multiple of the longest interval so far: between
   * two messages about losses, or from the start of an epoch to its first message. Large
   * minibatches take long, and so does the distribution of many images at the start.
   */
  private static final int TIMEOUT_FACTOR = 3;

  private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

  private static final long LISTENER_BUS_TIMEOUT_MILLIS = 5_000;

  private final SparkContext spark;
  private final Duration cancellationTimeout;
  private final SparkListener executorListener = new ExecutorListener();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile boolean isWatching;
  private long lastProgress;
  private Duration longestInterval = Duration.ZERO;
  private Optional<Duration> longestStart = Optional.empty();
  private boolean hasProgress;

  /** Starts to watch for lost and added executors, between epochs too. */
  EpochFailureDetector(SparkContext spark) {
    this(spark, SparkSessions.CANCELLATION_TIMEOUT);
  }

  EpochFailureDetector(SparkContext spark, Duration cancellationTimeout) {
    this.spark = spark;
    this.cancellationTimeout = cancellationTimeout;
    spark.addSparkListener(executorListener);
  }

  /** Records that a worker is alive and trains. */
  synchronized void recordProgress() {
    Duration interval = sinceLastProgress();
    if (hasProgress) {
      longestInterval = ObjectUtils.max(interval, longestInterval);
    } else {
      longestStart = Optional.of(ObjectUtils.max(interval, longestStart.orElse(Duration.ZERO)));
    }
    hasProgress = true;
    lastProgress = ProcessClock.nanoTime();
  }

  private synchronized Duration sinceLastProgress() {
    return Duration.ofNanos(ProcessClock.nanoTime() - lastProgress);
  }

  private synchronized void resetProgress() {
    hasProgress = false;
    lastProgress = ProcessClock.nanoTime();
  }

  private synchronized boolean hasTimedOut() {
    Optional<Duration> longest = hasProgress ? Optional.of(longestInterval) : longestStart;
    Duration timeout =
        longest
            .map(interval -> ObjectUtils.max(MIN_TIMEOUT, interval.multipliedBy(TIMEOUT_FACTOR)))
            .orElse(FIRST_MINIBATCH_TIMEOUT);
    return sinceLastProgress().compareTo(timeout) > 0;
  }

  /** Returns whether an executor was lost, a task failed or the workers timed out. */
  boolean hasFailed() {
    return failure.get() != null;
  }

  /**
   * Runs Spark jobs and cancels them if one of the failures below occurs. All jobs of a training
   * need the same executors, because these hold the replicas.
   *
   * <p>The jobs run on another thread, which this method abandons if they do not end although they
   * were canceled. Neither Spark nor Deeplearning4j ends every wait for a lost executor.
   *
   * @throws TransientException if an executor was lost, a task failed for an external reason, or no
   *     worker made progress within the timeout
   * @throws DivergenceException if a loss became NaN or infinite
   * @throws ConfigurationException if a task had not enough memory
   * @throws InputDataException if a task found an invalid image
   * @throws IllegalStateException if a task failed for another reason
   */
  void watch(Runnable jobs) {
    FutureTask<Void> work = new FutureTask<>(jobs, null);
    resetProgress();
    isWatching = true;
    try {
      throwIfFailed();
      SparkSessions.runInBackground(work);
      await(work);
    } catch (Exception e) {
      // Spark informs listeners with a delay. A lost executor is the cause of any other failure.
      awaitListenerEvents();
      throwIfFailed();
      throw SparkErrors.translate(e);
    } finally {
      isWatching = false;
      work.cancel(true);
    }
    throwIfFailed();
  }

  private void await(FutureTask<Void> work) throws Exception {
    long failureTime = ProcessClock.nanoTime();
    while (true) {
      try {
        work.get(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        failIfTimedOut();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
      if (!hasFailed()) {
        failureTime = ProcessClock.nanoTime();
      } else if (ProcessClock.nanoTime() - failureTime > cancellationTimeout.toNanos()) {
        return;
      }
      // Cancel again, because another job can have started since the failure.
      cancelJobsIfFailed();
    }
  }

  private void failIfTimedOut() {
    if (hasTimedOut()) {
      fail(
          temporaryFailure(
              "no worker has trained a minibatch for %d s"
                  .formatted(sinceLastProgress().toSeconds())));
    }
  }

  private void awaitListenerEvents() {
    try {
      spark.listenerBus().waitUntilEmpty(LISTENER_BUS_TIMEOUT_MILLIS);
    } catch (TimeoutException e) {
      // Without the events, the caller reports the exception that it caught.
    }
  }

  /** Throws the first failure, if there is one. */
  void throwIfFailed() {
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private void fail(RuntimeException reason) {
    failure.compareAndSet(null, reason);
    cancelJobsIfFailed();
  }

  private void cancelJobsIfFailed() {
    if (isWatching && failure.get() != null) {
      SparkSessions.cancelJobs(spark);
    }
  }

  private static TransientException temporaryFailure(String reason) {
    return new TransientException(
        reason + ". Rerun the same command to resume from the last checkpoint.");
  }

  @Override
  public void close() {
    spark.removeSparkListener(executorListener);
  }

  private final class ExecutorListener extends SparkListener {
    /** Fails, because Spark would schedule training on an executor that has no replica. */
    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded added) {
      fail(
          temporaryFailure(
              "executor %s on %s registered after training had started, so it has no replica"
                  .formatted(added.executorId(), added.executorInfo().executorHost())));
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      AppStatusStore store = spark.statusStore();
      // Spark does not know the host if the executor has never registered.
      String host =
          store
              .asOption(() -> store.executorSummary(removed.executorId()))
              .fold(() -> "", executor -> " on " + executor.hostPort());
      String message =
          "executor %s%s was lost (%s)"
              .formatted(removed.executorId(), host, ErrorText.firstLine(removed.reason()));
      Optional<ConfigurationException> jvmError = JvmErrors.find(removed.reason(), message);
      fail(jvmError.isPresent() ? jvmError.get() : temporaryFailure(message));
    }

    /** Fails, except for canceled tasks, and for those of a lost executor. */
    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (isWatching
          && end.reason() instanceof TaskFailedReason reason
          && !(reason instanceof TaskKilled)
          && !(reason instanceof ExecutorLostFailure)
          && !reason.equals(Resubmitted$.MODULE$)) {
        fail(
            SparkErrors.ofText(
                reason.toErrorString(),
                "a task of executor %s on %s failed"
                    .formatted(end.taskInfo().executorId(), end.taskInfo().host())));
      }
    }
  }
}
