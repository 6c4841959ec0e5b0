package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;

class ModelStateTest {
  @Test
  void isEqualBitForBitAfterSerialization() {
    ModelState state =
        new ModelState(
            new float[] {1.1f, -0f, Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY},
            new float[] {3},
            7,
            2);
    ModelState copy = SerializationUtils.roundtrip(state);
    assertThat(copy.digest()).isEqualTo(state.digest());
    assertThat(copy.parameters()).containsExactly(state.parameters());
    assertThat(copy.updaterState()).containsExactly(3);
    assertThat(copy.iterations()).isEqualTo(7);
    assertThat(copy.epochs()).isEqualTo(2);
  }
}
