package org.sparkvae.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PriorTest {
  private final Prior prior = new Prior(64, 1);

  @Test
  void drawsAreOfTheSeedAndTheirNumber() {
    assertThat(prior.z(3)).hasSize(28 * 64).isEqualTo(new Prior(64, 1).z(3));
    assertThat(prior.z(3)).isNotEqualTo(prior.z(4)).isNotEqualTo(new Prior(64, 2).z(3));
  }

  @Test
  void drawsAreStandardNormal() {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int draw = 0; draw < 50; draw++) {
      for (float value : prior.z(draw)) {
        sum += value;
        squares += value * value;
        count++;
      }
    }
    assertThat(sum / count).isCloseTo(0, within(0.02));
    assertThat(squares / count).isCloseTo(1, within(0.02));
  }
}
