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
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.apache.spark.util.CollectionAccumulator;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ExecutorStartupStatus;

/** Runs a query once on every executor and collects the responses. */
final class ExecutorSurvey {
  /** Identifiers of the queries that this JVM has responded to. */
  private static final Set<String> COMPLETED_QUERIES = ConcurrentHashMap.newKeySet();

  /**
   * The time in which executors must respond. Before its first task an executor fetches all jars of
   * the job, 450 MB. In a GPU build it unpacks 4 GB of libraries instead.
   */
  static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(NativeBackend.hasCuda() ? 240 : 60);

  /** The time a task occupies its core, so that Spark places the other tasks on other executors. */
  private static final long OCCUPY_CORE_MILLIS = 200;

  private final JavaSparkContext spark;
  private final Set<String> executors;

  /** The endpoints of the executors that have responded to every query so far. */
  private Set<String> responsive;

  /** Waits until no further executors register. */
  ExecutorSurvey(SparkContext context) {
    spark = JavaSparkContext.fromSparkContext(context);
    executors =
        ExecutorGroup.awaitRegistered(context, 0).stream()
            .map(ExecutorSummary::hostPort)
            .collect(Collectors.toUnmodifiableSet());
    responsive = executors;
  }

  /**
   * The response of one executor.
   *
   * @param executor Spark's identifier of the executor
   * @param endpoint host and port of the executor
   * @param value the query's result; null if the query failed
   * @param fault the exception if the query failed, otherwise empty
   */
  record Response<R extends Serializable>(String executor, String endpoint, R value, String fault)
      implements Serializable {
    /** Returns the name of the process in findings. */
    String process() {
      return "executor %s (%s)".formatted(executor, endpoint.replaceFirst(":\\d+$", ""));
    }
  }

  /** Returns host and port of each executor that had registered at the beginning. */
  Set<String> endpoints() {
    return executors;
  }

  /**
   * Runs a query and returns the responses that arrive within {@link #RESPONSE_TIMEOUT}. Tasks that
   * are still running then are canceled. Later queries do not wait for an executor that has not
   * responded.
   */
  <R extends Serializable> List<Response<R>> collect(Function0<R> query)
      throws InterruptedException {
    CollectionAccumulator<Response<R>> responses = spark.sc().collectionAccumulator();
    String queryId = UUID.randomUUID().toString();
    long deadline = System.nanoTime() + RESPONSE_TIMEOUT.toNanos();
    int tasks = Math.max(spark.defaultParallelism(), 2 * executors.size());
    while (System.nanoTime() < deadline
        && !spark.sc().isStopped()
        && ExecutorStartupStatus.failure().isEmpty()
        && !endpoints(responses.value()).containsAll(responsive)) {
      JavaFutureAction<Void> job =
          spark
              .parallelize(Collections.nCopies(tasks, 0), tasks)
              .foreachAsync(
                  ignored -> {
                    if (COMPLETED_QUERIES.add(queryId)) {
                      responses.add(respond(query));
                    }
                    Thread.sleep(OCCUPY_CORE_MILLIS);
                  });
      try {
        job.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException expired) {
        job.cancel(true);
      } catch (ExecutionException executorLost) {
        // The next job of this loop reaches the remaining executors.
        Thread.sleep(OCCUPY_CORE_MILLIS);
      }
    }
    responsive = endpoints(responses.value());
    return List.copyOf(responses.value());
  }

  private static <R extends Serializable> Response<R> respond(Function0<R> query) {
    String executor = SparkEnv.get().executorId();
    String endpoint = SparkEnv.get().blockManager().blockManagerId().hostPort();
    try {
      return new Response<>(executor, endpoint, query.call(), "");
    } catch (Exception | LinkageError e) {
      return new Response<>(executor, endpoint, null, e.toString());
    }
  }

  private static <R extends Serializable> Set<String> endpoints(List<Response<R>> responses) {
    return responses.stream().map(Response::endpoint).collect(Collectors.toSet());
  }
}
