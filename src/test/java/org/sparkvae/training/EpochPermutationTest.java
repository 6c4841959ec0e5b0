package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpochPermutationTest {
  private static final int MNIST = 60_000;

  private static int[] images(EpochPermutation order, int count) {
    return IntStream.range(0, count).map(order::imageAt).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 97, 256, 257, 1000, 60_000})
  void everyImageComesOnceAndPositionsAreTheInverse(int count) {
    for (int epoch = 0; epoch <= 3; epoch++) {
      EpochPermutation order = new EpochPermutation(42, epoch, count);
      BitSet seen = new BitSet(count);
      for (int position = 0; position < count; position++) {
        int image = order.imageAt(position);
        assertThat(image).isBetween(0, count - 1);
        seen.set(image);
        assertThat(order.positionOf(image)).isEqualTo(position);
      }
      assertThat(seen.cardinality()).isEqualTo(count);
    }
  }

  @Test
  void holdsForTheLargestCount() {
    EpochPermutation order = new EpochPermutation(42, 1, Integer.MAX_VALUE);
    for (int position : new int[] {0, 1, 1 << 30, Integer.MAX_VALUE - 1}) {
      int image = order.imageAt(position);
      assertThat(image).isBetween(0, Integer.MAX_VALUE - 1);
      assertThat(order.positionOf(image)).isEqualTo(position);
    }
  }

  /** Recorded: a change here changes what every recorded run computes. */
  @Test
  void theFirstTenImagesOfSeed42AreAsEver() {
    assertThat(images(new EpochPermutation(42, 1, MNIST), 10))
        .containsExactly(40412, 37148, 9660, 37493, 46218, 13921, 7480, 3879, 45827, 47910);
  }

  @Test
  void theSameSeedAndEpochGiveTheSameOrder() {
    assertThat(images(new EpochPermutation(7, 3, 1000), 1000))
        .isEqualTo(images(new EpochPermutation(7, 3, 1000), 1000));
  }

  @ParameterizedTest
  @CsvSource({"42, 2", "42, 0", "43, 1", "-42, 1", "4294967338, 1"})
  void anotherSeedOrEpochGivesAnotherOrder(long seed, int epoch) {
    int[] order = images(new EpochPermutation(42, 1, MNIST), MNIST);
    int[] other = images(new EpochPermutation(seed, epoch, MNIST), MNIST);
    // Two unrelated permutations agree in one place on average, whatever their length.
    assertThat(IntStream.range(0, MNIST).filter(i -> order[i] == other[i]).count()).isLessThan(10);
  }

  /** Seed and epoch do not stand in for each other, as in a sum of both. */
  @Test
  void theNextSeedIsNotTheNextEpoch() {
    assertThat(images(new EpochPermutation(42, 2, 1000), 1000))
        .isNotEqualTo(images(new EpochPermutation(43, 1, 1000), 1000));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 50})
  void looksShuffled(int epoch) {
    int[] order = images(new EpochPermutation(42, epoch, MNIST), MNIST);
    double displacement =
        IntStream.range(0, MNIST).map(i -> Math.abs(order[i] - i)).average().orElseThrow();
    assertThat(displacement).isCloseTo(MNIST / 3.0, within(MNIST * 0.01));
    double step =
        IntStream.range(1, MNIST)
            .map(i -> Math.abs(order[i] - order[i - 1]))
            .average()
            .orElseThrow();
    assertThat(step).isCloseTo(MNIST / 3.0, within(MNIST * 0.01));
    long ascents = IntStream.range(1, MNIST).filter(i -> order[i] > order[i - 1]).count();
    assertThat((double) ascents).isCloseTo(MNIST / 2.0, within(MNIST * 0.01));
    long fixed = IntStream.range(0, MNIST).filter(i -> order[i] == i).count();
    assertThat(fixed).isLessThan(10);
  }

  /** A minibatch of 100 draws from the whole split, not from a stretch of it. */
  @Test
  void everyMinibatchSpreadsOverTheSplit() {
    EpochPermutation order = new EpochPermutation(42, 1, MNIST);
    for (int start = 0; start < MNIST; start += 100) {
      double mean = IntStream.range(start, start + 100).map(order::imageAt).average().orElseThrow();
      // The mean of 100 draws has a standard deviation of n/√1200; 600 minibatches stay within 5.
      assertThat(mean).isCloseTo(MNIST / 2.0, within(5 * MNIST / Math.sqrt(1200)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 97, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void refusesWhatIsNotThere(int index) {
    EpochPermutation order = new EpochPermutation(42, 1, 97);
    assertThatThrownBy(() -> order.imageAt(index)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> order.positionOf(index)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void isTheSameOnAnotherMachine() throws IOException, ClassNotFoundException {
    EpochPermutation order = new EpochPermutation(42, 1, 1000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(order);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(images((EpochPermutation) in.readObject(), 1000)).isEqualTo(images(order, 1000));
    }
  }
}
