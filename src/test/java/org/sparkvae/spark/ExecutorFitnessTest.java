package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecutorFitnessTest {
  private final SparkContext spark = LocalSpark.session().sparkContext();

  @BeforeEach
  @AfterEach
  void forget() {
    ExecutorFitness.begin();
  }

  private void hear(String unfit) {
    ExecutorFitness.hear(new ExecutorFitness.Word(unfit), spark);
  }

  @Test
  void whereNoneCanWorkThereIsAFault() {
    assertThat(ExecutorFitness.fault()).isEmpty();
    hear("executor 0 has 0 GPUs");
    assertThat(ExecutorFitness.fault()).contains("executor 0 has 0 GPUs");
    ExecutorFitness.begin();
    assertThat(ExecutorFitness.fault()).isEmpty();
  }

  /** Jobs have ended of it by then. */
  @Test
  void oneThatCanWorkDoesNotTakeBackTheFaultOfAnEarlierOne() {
    hear("executor 0 has 0 GPUs");
    hear(null);
    assertThat(ExecutorFitness.fault()).contains("executor 0 has 0 GPUs");
  }

  @Test
  void whereOneCouldWorkALaterOneThatCannotIsNoFaultOfTheSettings() {
    hear(null);
    hear("executor 5 cannot use GPU '1'");
    assertThat(ExecutorFitness.fault()).isEmpty();
  }
}
