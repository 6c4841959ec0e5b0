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
  private static final int MNIST_IMAGES = 60_000;

  private static int[] images(EpochPermutation permutation, int count) {
    return IntStream.range(0, count).map(permutation::imageAt).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 97, 256, 257, 1000, 60_000})
  void containsEveryImageOnceAndInvertsPositions(int count) {
    for (int epoch = 0; epoch <= 3; epoch++) {
      EpochPermutation permutation = new EpochPermutation(42, epoch, count);
      BitSet seen = new BitSet(count);
      for (int position = 0; position < count; position++) {
        int image = permutation.imageAt(position);
        assertThat(image).isBetween(0, count - 1);
        seen.set(image);
        assertThat(permutation.positionOf(image)).isEqualTo(position);
      }
      assertThat(seen.cardinality()).isEqualTo(count);
    }
  }

  @Test
  void supportsTheLargestCount() {
    EpochPermutation permutation = new EpochPermutation(42, 1, Integer.MAX_VALUE);
    for (int position : new int[] {0, 1, 1 << 30, Integer.MAX_VALUE - 1}) {
      int image = permutation.imageAt(position);
      assertThat(image).isBetween(0, Integer.MAX_VALUE - 1);
      assertThat(permutation.positionOf(image)).isEqualTo(position);
    }
  }

  /** A recorded order. If it changes, every recorded run changes. */
  @Test
  void firstTenImagesOfSeed42AreUnchanged() {
    assertThat(images(new EpochPermutation(42, 1, MNIST_IMAGES), 10))
        .containsExactly(40412, 37148, 9660, 37493, 46218, 13921, 7480, 3879, 45827, 47910);
  }

  @Test
  void sameSeedAndEpochGiveTheSameOrder() {
    assertThat(images(new EpochPermutation(7, 3, 1000), 1000))
        .isEqualTo(images(new EpochPermutation(7, 3, 1000), 1000));
  }

  @ParameterizedTest
  @CsvSource({"42, 2", "42, 0", "43, 1", "-42, 1", "4294967338, 1"})
  void differentSeedOrEpochGivesADifferentOrder(long seed, int epoch) {
    int[] order = images(new EpochPermutation(42, 1, MNIST_IMAGES), MNIST_IMAGES);
    int[] other = images(new EpochPermutation(seed, epoch, MNIST_IMAGES), MNIST_IMAGES);
    // Two random permutations agree at one position on average, whatever their length.
    assertThat(IntStream.range(0, MNIST_IMAGES).filter(i -> order[i] == other[i]).count())
        .isLessThan(10);
  }

  /** Seed and epoch are mixed separately. With their sum, seed 43 would repeat seed 42's epochs. */
  @Test
  void nextSeedDiffersFromNextEpoch() {
    assertThat(images(new EpochPermutation(42, 2, 1000), 1000))
        .isNotEqualTo(images(new EpochPermutation(43, 1, 1000), 1000));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 50})
  void looksShuffled(int epoch) {
    int[] order = images(new EpochPermutation(42, epoch, MNIST_IMAGES), MNIST_IMAGES);
    double displacement =
        IntStream.range(0, MNIST_IMAGES).map(i -> Math.abs(order[i] - i)).average().orElseThrow();
    assertThat(displacement).isCloseTo(MNIST_IMAGES / 3.0, within(MNIST_IMAGES * 0.01));
    double step =
        IntStream.range(1, MNIST_IMAGES)
            .map(i -> Math.abs(order[i] - order[i - 1]))
            .average()
            .orElseThrow();
    assertThat(step).isCloseTo(MNIST_IMAGES / 3.0, within(MNIST_IMAGES * 0.01));
    long ascents = IntStream.range(1, MNIST_IMAGES).filter(i -> order[i] > order[i - 1]).count();
    assertThat((double) ascents).isCloseTo(MNIST_IMAGES / 2.0, within(MNIST_IMAGES * 0.01));
    long fixedPoints = IntStream.range(0, MNIST_IMAGES).filter(i -> order[i] == i).count();
    assertThat(fixedPoints).isLessThan(10);
  }

  /** Every minibatch of 100 covers the whole split. */
  @Test
  void everyMinibatchCoversTheSplit() {
    EpochPermutation permutation = new EpochPermutation(42, 1, MNIST_IMAGES);
    for (int start = 0; start < MNIST_IMAGES; start += 100) {
      double mean =
          IntStream.range(start, start + 100).map(permutation::imageAt).average().orElseThrow();
      // The mean of 100 draws has a standard deviation of n/√1200; 600 minibatches stay within 5.
      assertThat(mean).isCloseTo(MNIST_IMAGES / 2.0, within(5 * MNIST_IMAGES / Math.sqrt(1200)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 97, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void rejectsIndicesOutsideTheEpoch(int index) {
    EpochPermutation permutation = new EpochPermutation(42, 1, 97);
    assertThatThrownBy(() -> permutation.imageAt(index))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> permutation.positionOf(index))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void givesTheSameOrderAfterSerialization() throws IOException, ClassNotFoundException {
    EpochPermutation permutation = new EpochPermutation(42, 1, 1000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(permutation);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(images((EpochPermutation) in.readObject(), 1000))
          .isEqualTo(images(permutation, 1000));
    }
  }
}
