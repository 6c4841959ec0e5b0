package org.sparkvae.model.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GaussianNoiseTest {
  @Test
  void noiseMatchesTheBoxMullerTransform() {
    float[] noise = new float[10_000];
    long key = NoiseKey.of(3, 2, 1);
    GaussianNoise.fill(key, noise.length, noise, 0);
    for (int i = 0; i < noise.length; i += 2) {
      long a = SplitMix64.mix(key += SplitMix64.STEP);
      long b = SplitMix64.mix(key += SplitMix64.STEP);
      double radius = Math.sqrt(-2 * Math.log(((a >>> 11) + 1) * 0x1p-53));
      double angle = 2 * Math.PI * ((b >>> 11) * 0x1p-53);
      assertThat((double) noise[i]).isCloseTo(radius * Math.cos(angle), within(1e-6));
      assertThat((double) noise[i + 1]).isCloseTo(radius * Math.sin(angle), within(1e-6));
    }
  }
}
