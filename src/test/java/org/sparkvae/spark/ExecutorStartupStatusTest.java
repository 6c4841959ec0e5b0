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
  void forget() {
    ExecutorStartupStatus.begin();
  }

  private void hear(String unfit) {
    ExecutorStartupStatus.hear(new ExecutorStartupStatus.Word(unfit), spark);
  }

  @Test
  void whereNoneCanWorkThereIsAFault() {
    assertThat(ExecutorStartupStatus.fault()).isEmpty();
    hear("executor 0 has 0 GPUs");
    assertThat(ExecutorStartupStatus.fault()).contains("executor 0 has 0 GPUs");
    ExecutorStartupStatus.begin();
    assertThat(ExecutorStartupStatus.fault()).isEmpty();
  }

  /** Jobs have ended of it by then. */
  @Test
  void oneThatCanWorkDoesNotTakeBackTheFaultOfAnEarlierOne() {
    hear("executor 0 has 0 GPUs");
    hear(null);
    assertThat(ExecutorStartupStatus.fault()).contains("executor 0 has 0 GPUs");
  }

  @Test
  void whereOneCouldWorkALaterOneThatCannotIsNoFaultOfTheSettings() {
    hear(null);
    hear("executor 5 cannot use GPU '1'");
    assertThat(ExecutorStartupStatus.fault()).isEmpty();
  }
}
