package org.sparkvae.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassProbabilitiesTest {
  private static final List<float[]> CERTAIN_AND_BALANCED =
      List.of(new float[] {1, 0}, new float[] {0, 1});
  private static final List<float[]> UNCERTAIN =
      List.of(new float[] {0.5f, 0.5f}, new float[] {0.5f, 0.5f});

  @Test
  void scoresTheNumberOfClassesIfCertainAndBalanced() {
    assertThat(ClassProbabilities.inceptionScore(CERTAIN_AND_BALANCED)).isCloseTo(2, within(1e-12));
    assertThat(ClassProbabilities.confidence(CERTAIN_AND_BALANCED)).isEqualTo(1);
    assertThat(ClassProbabilities.classEntropy(CERTAIN_AND_BALANCED))
        .isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void scoresOneIfUncertain() {
    assertThat(ClassProbabilities.inceptionScore(UNCERTAIN)).isCloseTo(1, within(1e-12));
    assertThat(ClassProbabilities.confidence(UNCERTAIN)).isEqualTo(0.5);
  }

  @Test
  void scoresOneIfCertainOfASingleClass() {
    List<float[]> same = List.of(new float[] {1, 0}, new float[] {1, 0});
    assertThat(ClassProbabilities.inceptionScore(same)).isCloseTo(1, within(1e-12));
    assertThat(ClassProbabilities.classEntropy(same)).isZero();
  }

  /** The marginal is (0.75, 0.25): exp((ln(1/0.75) + 0.5 ln(0.5/0.75) + 0.5 ln(0.5/0.25)) / 2). */
  @Test
  void scoresMixedProbabilities() {
    List<float[]> mixed = List.of(new float[] {1, 0}, new float[] {0.5f, 0.5f});
    assertThat(ClassProbabilities.inceptionScore(mixed))
        .isCloseTo(Math.exp((0.28768207 - 0.20273255 + 0.34657359) / 2), within(1e-7));
  }
}
