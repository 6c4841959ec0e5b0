package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecutorStartupStatusTest {
  private final SparkContext spark = LocalSpark.session().sparkContext();

  @BeforeEach
  @AfterEach
  void reset() {
    ExecutorStartupStatus.reset();
  }

  private void handle(String failure) {
    ExecutorStartupStatus.handle(new ExecutorStartupStatus.StartupMessage(failure), spark);
  }

  @Test
  void reportsFailureIfNoExecutorStarts() {
    assertThat(ExecutorStartupStatus.failure()).isEmpty();
    handle("executor 0 has 0 GPUs");
    assertThat(ExecutorStartupStatus.failure()).contains("executor 0 has 0 GPUs");
    ExecutorStartupStatus.reset();
    assertThat(ExecutorStartupStatus.failure()).isEmpty();
  }

  /** The jobs are already canceled by then. */
  @Test
  void laterStartDoesNotClearAnEarlierFailure() {
    handle("executor 0 has 0 GPUs");
    handle(null);
    assertThat(ExecutorStartupStatus.failure()).contains("executor 0 has 0 GPUs");
  }

  @Test
  void ignoresFailureAfterAnExecutorHasStarted() {
    handle(null);
    handle("executor 5 cannot use GPU '1'");
    assertThat(ExecutorStartupStatus.failure()).isEmpty();
  }
}
