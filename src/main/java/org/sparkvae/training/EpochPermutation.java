package org.sparkvae.training;

import java.io.Serializable;
import org.sparkvae.model.noise.SplitMix64;

/**
 * A pseudo-random permutation of an epoch's images, 0 … count − 1. Any process can compute it for a
 * single image, in both directions, without a list of all images.
 *
 * <p>The permutation is a Feistel network of four rounds on the smallest even number of bits that
 * holds the count. It is applied repeatedly until the result is less than the count (cycle walking;
 * Black and Rogaway, 2002).
 */
public final class EpochPermutation implements Serializable {
  private static final int ROUNDS = 4;

  private final int count;
  private final long key;
  private final int halfBits;

  /**
   * Creates the permutation of an epoch.
   *
   * @param count the number of images
   */
  public EpochPermutation(long seed, int epoch, int count) {
    this.count = count;
    this.key = SplitMix64.mix(SplitMix64.mix(seed ^ 0x5EED0DE4L) + epoch);
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, count - 1L));
    this.halfBits = (bits + 1) / 2;
  }

  /** Returns the number of images. */
  public int count() {
    return count;
  }

  /** Returns the position of an image in the epoch, from 0. */
  public int positionOf(int image) {
    long x = checkIndex(image);
    do {
      x = permute(x);
    } while (x >= count);
    return (int) x;
  }

  /** Returns the image at a position in the epoch, from 0. */
  public int imageAt(int position) {
    long x = checkIndex(position);
    do {
      x = invert(x);
    } while (x >= count);
    return (int) x;
  }

  private int checkIndex(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(
          "index %d is outside the epoch, which has %d images.".formatted(index, count));
    }
    return index;
  }

  private long permute(long x) {
    long left = x >>> halfBits;
    long right = x & mask();
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ roundFunction(right, round);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private long invert(long x) {
    long left = x >>> halfBits;
    long right = x & mask();
    for (int round = ROUNDS - 1; round >= 0; round--) {
      long previous = right ^ roundFunction(left, round);
      right = left;
      left = previous;
    }
    return left << halfBits | right;
  }

  private long roundFunction(long half, int round) {
    return SplitMix64.mix(key + (half << 2 | round)) & mask();
  }

  private long mask() {
    return (1L << halfBits) - 1;
  }
}
