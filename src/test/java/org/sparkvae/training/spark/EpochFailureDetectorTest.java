package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Resubmitted$;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskResultLost$;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.SparkSessions;
import scala.Option;
import scala.Tuple2;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EpochFailureDetectorTest {
  private static final Duration TIMEOUT = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final AtomicBoolean isOver = new AtomicBoolean();

  private final SparkContext spark = LocalSpark.session().sparkContext();

  /** Work that does not end if an executor is lost. */
  enum EndlessWork {
    INTERRUPTIBLE_WAIT {
      @Override
      void run(SparkContext spark) throws InterruptedException {
        new CountDownLatch(1).await();
      }
    },
    WAIT_THAT_IGNORES_INTERRUPTS {
      @Override
      void run(SparkContext spark) {
        while (!isOver.get()) {
          LockSupport.parkNanos(1_000_000);
          Thread.interrupted();
        }
      }
    },
    COMPUTATION {
      @Override
      void run(SparkContext spark) {
        while (!isOver.get()) {
          Thread.onSpinWait();
        }
      }
    },
    WAIT_THAT_FAILS_IF_IT_IS_INTERRUPTED {
      @Override
      void run(SparkContext spark) {
        try {
          Thread.sleep(60_000);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    },
    TASK_THAT_CANNOT_BE_KILLED {
      @Override
      void run(SparkContext spark) throws InterruptedException {
        JavaSparkContext.fromSparkContext(spark)
            .parallelize(List.of(1), 1)
            .foreach(unused -> COMPUTATION.run(null));
        new CountDownLatch(1).await();
      }
    },
    JOB_THAT_STARTS_JOBS {
      @Override
      void run(SparkContext spark) {
        while (!isOver.get()) {
          JavaSparkContext.fromSparkContext(spark).parallelize(List.of(1), 1).count();
        }
      }
    };

    abstract void run(SparkContext spark) throws InterruptedException;
  }

  @BeforeEach
  void start() {
    isOver.set(false);
  }

  @AfterEach
  void endAbandonedWork() {
    isOver.set(true);
    SparkSessions.cancelJobs(spark);
  }

  @ParameterizedTest
  @EnumSource
  void stopsWaitingForWorkThatDoesNotEnd(EndlessWork work) {
    assertThatThrownBy(() -> loseExecutorDuring(work, "driver"))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith("executor driver on 127.0.0.1")
        .hasMessageEndingWith(
            "was lost (test). Rerun the same command to resume from the last checkpoint.");
  }

  @Test
  void stopsAfterTheLossOfAnExecutorThatNeverRegistered() {
    long start = System.nanoTime();
    assertThatThrownBy(() -> loseExecutorDuring(EndlessWork.INTERRUPTIBLE_WAIT, "99"))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith("executor 99 was lost (test)");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(TIMEOUT, LIMIT);
  }

  static List<TaskEndReason> ofLostExecutor() {
    return List.of(
        Resubmitted$.MODULE$, new ExecutorLostFailure("99", true, Option.apply("exit code 137")));
  }

  @ParameterizedTest
  @MethodSource("ofLostExecutor")
  void namesTheLostExecutorAndNotItsTasks(TaskEndReason reason) {
    assertThatThrownBy(() -> watch(() -> endTask(reason), () -> loseExecutor("99")))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith("executor 99 was lost (test)");
  }

  @Test
  void lossOfATaskResultIsTemporary() {
    assertThatThrownBy(() -> watch(() -> endTask(TaskResultLost$.MODULE$)))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith("a task of executor 7 on host failed (TaskResultLost");
  }

  private void watch(Runnable... events) {
    try (EpochFailureDetector detector = new EpochFailureDetector(spark, TIMEOUT)) {
      detector.watch(
          () -> {
            Stream.of(events).forEach(Runnable::run);
            runUnchecked(EndlessWork.INTERRUPTIBLE_WAIT);
          });
    }
  }

  private void endTask(TaskEndReason reason) {
    TaskInfo task =
        new TaskInfo(
            1, 0, 0, 0, 0, "7", "host", TaskLocality$.MODULE$.ANY(), /* speculative= */ false);
    spark
        .listenerBus()
        .post(
            new SparkListenerTaskEnd(
                0, 0, "ResultTask", reason, task, new ExecutorMetrics(), TaskMetrics.empty()));
  }

  private void loseExecutorDuring(EndlessWork work, String executor) {
    try (EpochFailureDetector detector = new EpochFailureDetector(spark, TIMEOUT)) {
      detector.watch(
          () -> {
            loseExecutor(executor);
            runUnchecked(work);
          });
    }
  }

  private void loseExecutor(String executor) {
    spark.listenerBus().post(new SparkListenerExecutorRemoved(0, executor, "test"));
  }

  private void runUnchecked(EndlessWork work) {
    try {
      work.run(spark);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void cancelsJobWhoseStageWaitsForARetry() {
    SparkListener canceler =
        new SparkListener() {
          @Override
          public void onStageCompleted(SparkListenerStageCompleted stage) {
            if (stage.stageInfo().failureReason().isDefined()) {
              SparkSessions.cancelJobs(spark);
            }
          }
        };
    JavaPairRDD<Integer, Integer> shuffled =
        JavaSparkContext.fromSparkContext(spark)
            .parallelize(List.of(1, 2, 3, 4), 2)
            .mapToPair(value -> new Tuple2<>(value, value))
            .reduceByKey(Integer::sum, 2);
    assertThat(shuffled.count()).isEqualTo(4);
    deleteShuffleFiles(shuffled);

    spark.addSparkListener(canceler);
    try {
      // SparkContext.cancelAllJobs would make this call wait forever.
      assertThatThrownBy(shuffled::count)
          .isInstanceOf(SparkException.class)
          .hasMessageContaining("cancelled");
    } finally {
      // The failed fetch has removed this process's blocks, which later tests need.
      SparkSessions.stop();
    }
  }

  private static void deleteShuffleFiles(JavaPairRDD<?, ?> shuffled) {
    ShuffleDependency<?, ?, ?> dependency =
        (ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head();
    SparkEnv.get().shuffleManager().unregisterShuffle(dependency.shuffleId());
  }
}
