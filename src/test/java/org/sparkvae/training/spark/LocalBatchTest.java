package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalBatchTest {
  @ParameterizedTest
  @CsvSource({"100, 1, 100", "100, 4, 25", "100, 8, 13", "100, 64, 2", "3, 8, 1"})
  void splitsTheMinibatchRoundedUp(int batchSize, int workers, int size) {
    assertThat(LocalBatch.of(batchSize, workers).size()).isEqualTo(size);
  }

  @Test
  void oneWorkerTakesWholeSteps() {
    assertThat(LocalBatch.of(100, 1).stepScale()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "4, 2", "8, 4"})
  void manyWorkersSendTheSumOfSeveralSteps(int workers, int sendInterval) {
    assertThat(LocalBatch.of(100, workers).sendInterval()).isEqualTo(sendInterval);
  }

  @Test
  void stepsAreBetweenTheTwoLimits() {
    double equalGradients = 1 / 16.0;
    double onlyNoise = 1 / 4.0;
    assertThat(LocalBatch.of(160, 16).stepScale())
        .isCloseTo(Math.sqrt(equalGradients * onlyNoise), within(1e-12));
  }
}
