package org.sparkvae.model.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GaussianNoiseTest {
  @Test
  void logarithmMatchesMath() {
    Random random = new Random(1);
    for (int n = 0; n < 100_000; n++) {
      double u = Math.pow(random.nextDouble(), 1 + random.nextInt(20));
      assertThat(GaussianNoise.log(u)).isCloseTo(Math.log(u), within(1e-10));
    }
    for (double u : new double[] {0x1p-53, 0.5, Math.sqrt(0.5), Math.nextDown(1.0), 1}) {
      assertThat(GaussianNoise.log(u)).isCloseTo(Math.log(u), within(1e-10));
    }
  }

  @Test
  void sineAndCosineMatchMath() {
    for (double x = -Math.PI / 4; x <= Math.PI / 4; x += 1e-5) {
      assertThat(GaussianNoise.sine(x)).isCloseTo(Math.sin(x), within(1e-10));
      assertThat(GaussianNoise.cosine(x)).isCloseTo(Math.cos(x), within(1e-10));
    }
  }

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
