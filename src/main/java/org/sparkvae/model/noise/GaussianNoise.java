package org.sparkvae.model.noise;

import java.util.Arrays;

/**
 * Standard normal noise that any process can recompute from a {@link NoiseKey}. It uses SplitMix64
 * and the {@linkplain BoxMuller Box–Muller transform}. {@code bench/pytorch_reference.py} computes
 * the same noise.
 */
public final class GaussianNoise {
  private static final ThreadLocal<BoxMuller> BOX_MULLER = ThreadLocal.withInitial(BoxMuller::new);

  private GaussianNoise() {}

  /**
   * Writes the noise ε of one image with the channels last, {@code [steps, channels]}. For {@link
   * NoiseKey#NONE} all values are 0. Each Box–Muller transform gives the values of two neighboring
   * channels.
   *
   * @param key noise key of the image
   * @param count steps · channels; the number of channels must be even
   * @param target array that receives the noise
   * @param offset index of the first value in the array
   * @throws IllegalArgumentException if the count is odd
   */
  public static void fill(long key, int count, float[] target, int offset) {
    if (count % 2 != 0) {
      throw new IllegalArgumentException(
          "count: %d is odd. Use an even number of channels.".formatted(count));
    }
    if (key == NoiseKey.NONE) {
      Arrays.fill(target, offset, offset + count, 0);
      return;
    }
    BoxMuller boxMuller = BOX_MULLER.get();
    for (int i = 0; i < count; i += 2 * BoxMuller.PAIRS) {
      int pairs = Math.min(BoxMuller.PAIRS, (count - i) / 2);
      boxMuller.transform(key + i * SplitMix64.STEP, pairs, target, offset + i);
    }
  }
}
