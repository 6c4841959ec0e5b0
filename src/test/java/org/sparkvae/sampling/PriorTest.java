package org.sparkvae.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PriorTest {
  private final Prior prior = new Prior(64, 1);

  @Test
  void samplesDependOnSeedAndIndex() {
    assertThat(prior.sample(3)).hasSize(28 * 64).isEqualTo(new Prior(64, 1).sample(3));
    assertThat(prior.sample(3))
        .isNotEqualTo(prior.sample(4))
        .isNotEqualTo(new Prior(64, 2).sample(3));
  }

  @Test
  void samplesAreStandardNormal() {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int index = 0; index < 50; index++) {
      for (float value : prior.sample(index)) {
        sum += value;
        squares += value * value;
        count++;
      }
    }
    assertThat(sum / count).isCloseTo(0, within(0.02));
    assertThat(squares / count).isCloseTo(1, within(0.02));
  }
}
