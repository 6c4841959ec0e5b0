package org.sparkvae.spark;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;

/** The executors of an application, for work that runs once on each of them at the same time. */
public final class ExecutorGroup {
  /** Spark's id of the driver, which is also the executor of local mode. */
  public static final String DRIVER = "driver";

  private static final Duration REGISTRATION_TIMEOUT = Duration.ofSeconds(50);

  /** On Kubernetes, nodes first pull the image. */
  private static final Duration REGISTRATION_TIMEOUT_OF_PODS = Duration.ofMinutes(10);

  /** The time without a new executor after which no more are expected. */
  private static final Duration SETTLING_TIME = Duration.ofSeconds(3);

  /** Spark's own default of {@code spark.executor.instances}. */
  private static final int DEFAULT_INSTANCES = 2;

  private final JavaSparkContext spark;
  private final int count;

  /** A profile for tasks that occupy a whole executor. Spark's local mode has no profiles. */
  private final Optional<ResourceProfile> wholeExecutorProfile;

  private ExecutorGroup(JavaSparkContext spark, int count, Optional<ResourceProfile> profile) {
    this.spark = spark;
    this.count = count;
    this.wholeExecutorProfile = profile;
  }

  /**
   * Waits for executors to register. In local mode the driver is the only executor.
   *
   * @param expected the minimum number of executors, or 0 for any number
   * @throws TransientException if none registered, or fewer than expected
   * @throws ConfigurationException if the executors have different core counts, or if none of them
   *     could start
   */
  public static ExecutorGroup await(SparkSession session, int expected) {
    SparkContext context = session.sparkContext();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context);
    if (context.isLocal()) {
      return new ExecutorGroup(spark, 1, Optional.empty());
    }
    int required = Math.max(expected, requested(context));
    List<ExecutorSummary> registered = awaitRegistered(context, required);
    long coreCounts = registered.stream().map(ExecutorSummary::totalCores).distinct().count();
    if (registered.isEmpty() || registered.size() < required) {
      throw tooFewExecutors(context, registered.size(), required);
    }
    if (coreCounts > 1) {
      throw new ConfigurationException(
          "%s: Executors have different core counts, but each trains an equal share. Set spark.executor.cores to the same number for all."
              .formatted(context.master()));
    }
    TaskResourceRequests allCores = new TaskResourceRequests().cpus(registered.get(0).totalCores());
    return new ExecutorGroup(
        spark,
        registered.size(),
        Optional.of(new ResourceProfileBuilder().require(allCores).build()));
  }

  /**
   * Returns the number of executors that Spark requests. It is 0 on a standalone cluster, where
   * Spark takes what the workers offer. YARN and Kubernetes start executors one after another.
   */
  private static int requested(SparkContext context) {
    return context.master().startsWith("spark://")
        ? 0
        : context.getConf().getInt("spark.executor.instances", DEFAULT_INSTANCES);
  }

  /**
   * Waits for at least one executor of a standalone cluster, because Spark itself would wait
   * forever. On other clusters it returns at once, because they may queue an application.
   *
   * @throws TransientException if no executor registered
   * @throws ConfigurationException if none of the executors could start
   */
  public static void awaitAny(SparkContext context) {
    if (context.master().startsWith("spark://")
        && (awaitRegistered(context, 1).isEmpty()
            // An executor is registered before it can fail.
            || ExecutorStartupStatus.failure().isPresent())) {
      throw tooFewExecutors(context, 0, 0);
    }
  }

  /** Returns the time that executors have to register. */
  public static Duration registrationTimeout(SparkContext context) {
    return context.master().startsWith("k8s:")
        ? REGISTRATION_TIMEOUT_OF_PODS
        : REGISTRATION_TIMEOUT;
  }

  private static SparkVaeException tooFewExecutors(
      SparkContext context, int registered, int expected) {
    if (ExecutorStartupStatus.failure().isPresent()) {
      return new ConfigurationException(ExecutorStartupStatus.failure().get());
    }
    return new TransientException(
        "%s: %d executors registered within %d s%s. Check that the cluster is running, that it has the requested memory%s, which other applications may hold, and that its hosts reach the driver at %s (spark.driver.host). Rerun the same command."
            .formatted(
                context.master(),
                registered,
                registrationTimeout(context).toSeconds(),
                expected == 0 ? "" : " instead of " + expected,
                context.getConf().contains("spark.executor.resource.gpu.amount")
                    ? ", cores and GPUs (spark.worker.resource.gpu.amount)"
                    : " and cores",
                context.getConf().get("spark.driver.host")));
  }

  /**
   * Waits until no more executors register, and returns all of them. They can be fewer than
   * expected after {@link #registrationTimeout}, if Spark has stopped, or if no executor could
   * start.
   *
   * @param expected the minimum number of executors, or 0 for any number
   */
  public static List<ExecutorSummary> awaitRegistered(SparkContext context, int expected) {
    long start = ProcessClock.nanoTime();
    while (true) {
      List<ExecutorSummary> executors = active(context);
      boolean isEnough = executors.size() >= Math.max(1, expected);
      Instant recent = Instant.now().minus(SETTLING_TIME);
      boolean isSettled =
          executors.stream().allMatch(executor -> executor.addTime().toInstant().isBefore(recent));
      if ((isEnough && isSettled)
          || ProcessClock.nanoTime() - start > registrationTimeout(context).toNanos()
          || ExecutorStartupStatus.failure().isPresent()
          || context.isStopped()) {
        return executors;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return executors;
      }
    }
  }

  /** Returns the current number of executors. It is 1 in local mode, for the driver. */
  public static int currentCount(SparkContext context) {
    return context.isLocal() ? 1 : active(context).size();
  }

  private static List<ExecutorSummary> active(SparkContext context) {
    List<ExecutorSummary> executors =
        new ArrayList<>(JavaConverters.seqAsJavaList(context.statusStore().executorList(true)));
    executors.removeIf(executor -> executor.id().equals(DRIVER));
    return executors;
  }

  /** Returns the number of executors in this group. */
  public int count() {
    return count;
  }

  /**
   * Runs a function once on each executor, on all of them at the same time.
   *
   * @return the results, except for nulls
   */
  public <T> List<T> runOnEach(Function0<T> function) {
    return inBarrierStage(spark.parallelize(IntStream.range(0, count).boxed().toList(), count))
        .map(unused -> function.call())
        .filter(Objects::nonNull)
        .collect();
  }

  /**
   * Returns an RDD whose partitions are computed at the same time, each on its own executor.
   *
   * @param rdd an RDD with one partition per executor
   */
  public <T> JavaRDD<T> inBarrierStage(JavaRDD<T> rdd) {
    ClassTag<T> type = rdd.classTag();
    JavaRDD<T> barrier =
        JavaRDD.fromRDD(rdd.rdd().barrier().mapPartitions(new Identity<>(), true, type), type);
    return wholeExecutorProfile.map(barrier::withResources).orElse(barrier);
  }

  private static final class Identity<T> extends AbstractFunction1<Iterator<T>, Iterator<T>>
      implements Serializable {
    @Override
    public Iterator<T> apply(Iterator<T> partition) {
      return partition;
    }
  }
}
