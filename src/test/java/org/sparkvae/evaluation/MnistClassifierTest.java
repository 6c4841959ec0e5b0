package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;

class MnistClassifierTest {
  private static final int MAX_BYTES = 1_000_000;

  private final MnistClassifier.Description description = MnistClassifier.description();

  @Test
  void isSmallAndAgreesWithItsDescription() {
    TrainedClassifier classifier =
        MnistClassifier.forDataSet(description.dataSetChecksum()).orElseThrow();
    assertThat(classifier.archive()).hasSizeLessThan(MAX_BYTES);
    assertThat(classifier.testAccuracy()).isEqualTo(description.testAccuracy());
    assertThat(classifier.weightsChecksum()).isEqualTo(description.weightsChecksum());
    assertThat(description.version())
        .as("run bench/train-classifier after a change of the classifier")
        .isEqualTo(DigitClassifier.VERSION);
  }

  @Test
  void evaluatesNoOtherDataSet() {
    assertThat(MnistClassifier.forDataSet("0".repeat(64))).isEmpty();
  }
}
