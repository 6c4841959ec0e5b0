package org.sparkvae.training;

import java.io.Serializable;
import org.sparkvae.model.noise.SplitMix64;

/**
 * The order of an epoch's images: a pseudo-random permutation of 0 … count − 1 that any process can
 * compute for any one image, forwards and backwards, without a list of them. A Feistel network of
 * four rounds on the smallest even number of bits that holds the count, walked along its cycle
 * until it falls inside (Black and Rogaway, 2002).
 */
public final class EpochPermutation implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ROUNDS = 4;

  private final int count;
  private final long key;
  private final int halfBits;

  public EpochPermutation(long seed, int epoch, int count) {
    this.count = count;
    this.key = SplitMix64.mix(SplitMix64.mix(seed ^ 0x5EED0DE4L) + epoch);
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, count - 1L));
    this.halfBits = (bits + 1) / 2;
  }

  /** Where in the epoch an image stands. */
  public int positionOf(int image) {
    long x = check(image);
    do {
      x = forward(x);
    } while (x >= count);
    return (int) x;
  }

  /** Which image stands at a place in the epoch. */
  public int imageAt(int position) {
    long x = check(position);
    do {
      x = backward(x);
    } while (x >= count);
    return (int) x;
  }

  private int check(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException("image %d of %d".formatted(index, count));
    }
    return index;
  }

  private long forward(long x) {
    long left = x >>> halfBits;
    long right = x & mask();
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ scramble(right, round);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private long backward(long x) {
    long left = x >>> halfBits;
    long right = x & mask();
    for (int round = ROUNDS - 1; round >= 0; round--) {
      long previous = right ^ scramble(left, round);
      right = left;
      left = previous;
    }
    return left << halfBits | right;
  }

  private long scramble(long half, int round) {
    return SplitMix64.mix(key + (half << 2 | round)) & mask();
  }

  private long mask() {
    return (1L << halfBits) - 1;
  }
}
