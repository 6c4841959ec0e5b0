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

/** The executors of a job, for work that is done once on each of them at the same time. */
public final class ExecutorGroup {
  /** How long executors may take to come. */
  public static final Duration REGISTRATION = Duration.ofSeconds(50);

  private static final Duration SETTLING = Duration.ofSeconds(3);
  private static final String DRIVER = "driver";

  private final JavaSparkContext spark;
  private final int count;

  /** Of a task that takes a whole executor; Spark's local mode knows none, and has one executor. */
  private final Optional<ResourceProfile> whole;

  private ExecutorGroup(JavaSparkContext spark, int count, Optional<ResourceProfile> whole) {
    this.spark = spark;
    this.count = count;
    this.whole = whole;
  }

  /**
   * Waits for executors to register; in local mode there is one, the driver itself.
   *
   * @param wanted how many, or 0 for as many as come
   * @throws TransientException if there are none, or fewer
   * @throws ConfigurationException if they differ in their cores, or none can work
   */
  public static ExecutorGroup await(SparkSession session, int wanted) {
    SparkContext context = session.sparkContext();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context);
    if (context.isLocal()) {
      return new ExecutorGroup(spark, 1, Optional.empty());
    }
    List<ExecutorSummary> registered = registered(context, wanted);
    long sizes = registered.stream().map(ExecutorSummary::totalCores).distinct().count();
    if (registered.isEmpty() || registered.size() < wanted) {
      throw tooFew(context, registered.size(), wanted);
    }
    if (sizes > 1) {
      throw new ConfigurationException(
          "%s: executors of different size; set spark.executor.cores, since each trains one replica"
              .formatted(context.master()));
    }
    TaskResourceRequests all = new TaskResourceRequests().cpus(registered.get(0).totalCores());
    return new ExecutorGroup(
        spark, registered.size(), Optional.of(new ResourceProfileBuilder().require(all).build()));
  }

  /**
   * Waits for one executor of a standalone cluster at least, without which Spark would wait for
   * ever. Other cluster managers may keep a job waiting for good reasons.
   *
   * @throws TransientException if none comes
   * @throws ConfigurationException if none of those that come can work
   */
  public static void awaitAny(SparkContext context) {
    if (context.master().startsWith("spark://") && registered(context, 1).isEmpty()) {
      throw tooFew(context, 0, 0);
    }
  }

  private static SparkVaeException tooFew(SparkContext context, int there, int wanted) {
    if (ExecutorStartupStatus.fault().isPresent()) {
      return new ConfigurationException(ExecutorStartupStatus.fault().get());
    }
    return new TransientException(
        "%s: %d executors came within %d s%s; see whether its workers are up and have the memory and cores asked for, then run the same command again"
            .formatted(
                context.master(),
                there,
                REGISTRATION.toSeconds(),
                wanted == 0 ? "" : ", of " + wanted));
  }

  /**
   * The executors, once no more come; fewer than wanted after {@link #REGISTRATION}, or once Spark
   * has ended or none of them can work.
   *
   * @param wanted how many at least, or 0 for as many as come
   */
  public static List<ExecutorSummary> registered(SparkContext context, int wanted) {
    long deadline = System.currentTimeMillis() + REGISTRATION.toMillis();
    while (true) {
      List<ExecutorSummary> now = active(context);
      boolean enough = now.size() >= Math.max(1, wanted);
      Instant recent = Instant.now().minus(SETTLING);
      boolean settled = now.stream().allMatch(each -> each.addTime().toInstant().isBefore(recent));
      if ((enough && settled)
          || System.currentTimeMillis() > deadline
          || ExecutorStartupStatus.fault().isPresent()
          || context.isStopped()) {
        return now;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return now;
      }
    }
  }

  /** How many there are at this moment; in local mode one, the driver itself. */
  public static int present(SparkContext context) {
    return context.isLocal() ? 1 : active(context).size();
  }

  private static List<ExecutorSummary> active(SparkContext context) {
    List<ExecutorSummary> executors =
        new ArrayList<>(JavaConverters.seqAsJavaList(context.statusStore().executorList(true)));
    executors.removeIf(each -> each.id().equals(DRIVER));
    return executors;
  }

  public int count() {
    return count;
  }

  /**
   * Runs something once on each executor, all at the same time, and returns what it gave, but for
   * nulls.
   */
  public <T> List<T> each(Function0<T> work) {
    return together(spark.parallelize(IntStream.range(0, count).boxed().toList(), count))
        .map(any -> work.call())
        .filter(Objects::nonNull)
        .collect();
  }

  /** An RDD whose partitions are computed all at the same time, each on an executor of its own. */
  public <T> JavaRDD<T> together(JavaRDD<T> rdd) {
    ClassTag<T> any = rdd.classTag();
    JavaRDD<T> barrier =
        JavaRDD.fromRDD(rdd.rdd().barrier().mapPartitions(new Identity<>(), true, any), any);
    return whole.map(barrier::withResources).orElse(barrier);
  }

  private static final class Identity<T> extends AbstractFunction1<Iterator<T>, Iterator<T>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<T> apply(Iterator<T> partition) {
      return partition;
    }
  }
}
