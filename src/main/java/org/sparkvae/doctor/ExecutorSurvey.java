package org.sparkvae.doctor;

import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.apache.spark.util.CollectionAccumulator;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ExecutorStartupStatus;

/** Asks every executor something once. */
final class ExecutorSurvey {
  /** Questions that this JVM has answered. */
  private static final Set<String> ANSWERED = ConcurrentHashMap.newKeySet();

  /** Before its first task an executor fetches all jars of the job, 360 MB. */
  static final Duration TO_ANSWER = Duration.ofSeconds(60);

  /** Keeps a core busy for so long that the other tasks find other executors. */
  private static final long SPREAD_MILLIS = 200;

  private final JavaSparkContext spark;
  private final Set<String> executors;

  /** Those that have not failed to answer a question. */
  private Set<String> awake;

  /** Waits for executors to come, until no more do. */
  ExecutorSurvey(SparkContext context) {
    spark = JavaSparkContext.fromSparkContext(context);
    executors =
        ExecutorGroup.registered(context, 0).stream()
            .map(ExecutorSummary::hostPort)
            .collect(Collectors.toUnmodifiableSet());
    awake = executors;
  }

  /** Something to be done once in each executor. */
  @FunctionalInterface
  interface Question<R extends Serializable> extends Serializable {
    R answer() throws Exception;
  }

  /**
   * An executor's word.
   *
   * @param executor Spark's identifier
   * @param endpoint its host and port
   * @param value null if it failed
   * @param fault why, else empty
   */
  record Answer<R extends Serializable>(String executor, String endpoint, R value, String fault)
      implements Serializable {
    String where() {
      return "executor %s (%s)".formatted(executor, endpoint.replaceFirst(":\\d+$", ""));
    }
  }

  /** Host and port of those that there were in the beginning. */
  Set<String> endpoints() {
    return executors;
  }

  /**
   * The answers that come before a deadline; tasks that have not ended by then are given up. An
   * executor that does not answer is not waited for again.
   */
  <R extends Serializable> List<Answer<R>> ask(Question<R> question) throws InterruptedException {
    CollectionAccumulator<Answer<R>> answers = spark.sc().collectionAccumulator();
    String round = UUID.randomUUID().toString();
    long end = System.nanoTime() + TO_ANSWER.toNanos();
    int tasks = Math.max(spark.defaultParallelism(), 2 * executors.size());
    while (System.nanoTime() < end
        && !spark.sc().isStopped()
        && ExecutorStartupStatus.fault().isEmpty()
        && !endpoints(answers.value()).containsAll(awake)) {
      JavaFutureAction<Void> job =
          spark
              .parallelize(Collections.nCopies(tasks, 0), tasks)
              .foreachAsync(
                  any -> {
                    if (ANSWERED.add(round)) {
                      answers.add(answered(question));
                    }
                    Thread.sleep(SPREAD_MILLIS);
                  });
      try {
        job.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException silent) {
        job.cancel(true);
      } catch (ExecutionException executorLost) {
        // Those that are left are asked again.
        Thread.sleep(SPREAD_MILLIS);
      }
    }
    awake = endpoints(answers.value());
    return List.copyOf(answers.value());
  }

  private static <R extends Serializable> Answer<R> answered(Question<R> question) {
    String executor = SparkEnv.get().executorId();
    String endpoint = SparkEnv.get().blockManager().blockManagerId().hostPort();
    try {
      return new Answer<>(executor, endpoint, question.answer(), "");
    } catch (Exception | LinkageError e) {
      return new Answer<>(executor, endpoint, null, e.toString());
    }
  }

  private static <R extends Serializable> Set<String> endpoints(List<Answer<R>> answers) {
    return answers.stream().map(Answer::endpoint).collect(Collectors.toSet());
  }
}
