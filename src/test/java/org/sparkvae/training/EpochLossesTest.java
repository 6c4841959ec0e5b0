package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.exception.DivergenceException;

class EpochLossesTest {
  private static final int FIRST_KEY = 1000;

  /** Returns the losses of an epoch after the given minibatches were trained. */
  private static EpochLosses of(int minibatches, TrainedMinibatch... trained) {
    EpochLosses losses =
        new EpochLosses(LongStream.range(FIRST_KEY, FIRST_KEY + minibatches).toArray());
    for (TrainedMinibatch minibatch : trained) {
      losses.add(minibatch);
    }
    return losses;
  }

  private static TrainedMinibatch minibatch(int index, MinibatchLoss loss) {
    return new TrainedMinibatch(FIRST_KEY + index, loss);
  }

  private static TrainedMinibatch minibatch(int index, int images) {
    return minibatch(index, new MinibatchLoss(0.25, 0.01, images));
  }

  @Test
  void acceptsCompleteEpochInAnyOrder() {
    EpochLosses losses = of(3, minibatch(2, 50), minibatch(0, 100), minibatch(1, 100));
    assertThatCode(() -> losses.check(1, 250)).doesNotThrowAnyException();
  }

  @Test
  void weightsMeansByImages() {
    EpochLosses losses =
        of(
            3,
            minibatch(0, new MinibatchLoss(1, 0.4, 100)),
            minibatch(1, new MinibatchLoss(2, 0.2, 100)),
            minibatch(2, new MinibatchLoss(9, 1, 50)));
    assertThat(losses.mean().bce()).isCloseTo((100 + 200 + 450) / 250.0, within(1e-12));
    assertThat(losses.mean().regTerm()).isCloseTo((40 + 20 + 50) / 250.0, within(1e-12));
    assertThat(losses.mean().images()).isEqualTo(250);
  }

  @Test
  void lastReturnsTheLastMinibatchOfTheEpochInAnyOrder() {
    MinibatchLoss last = new MinibatchLoss(9, 1, 50);
    assertThat(of(2, minibatch(1, last), minibatch(0, 100)).last()).isEqualTo(last);
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0.01", "0.25, NaN", "Infinity, 0.01", "0.25, -Infinity", "Infinity, -Infinity"})
  void reportsNonFiniteLossAsDivergence(double bce, double regTerm) {
    // The epoch also lacks minibatches, because training stops there. Divergence is reported.
    EpochLosses losses =
        of(600, minibatch(0, 100), minibatch(1, new MinibatchLoss(bce, regTerm, 100)));
    assertThatThrownBy(() -> losses.check(7, 60_000))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContainingAll("epoch 7", "minibatch 2", "--learning-rate");
  }

  @Test
  void infinitiesOfOppositeSignsDoNotCancel() {
    EpochLosses losses =
        of(
            2,
            minibatch(0, new MinibatchLoss(Double.POSITIVE_INFINITY, 0, 100)),
            minibatch(1, new MinibatchLoss(Double.NEGATIVE_INFINITY, 0, 100)));
    assertThatThrownBy(() -> losses.check(1, 200)).isInstanceOf(DivergenceException.class);
  }

  @Test
  void rejectsMissingMinibatch() {
    EpochLosses losses = of(3, minibatch(0, 100), minibatch(2, 50));
    assertThatThrownBy(() -> losses.check(4, 250))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "epoch 4: each of 3 minibatches must be trained exactly once. Not trained: 2. Trained more than once: none. From another epoch: 0. Report this with the log.");
  }

  @Test
  void rejectsRepeatedMinibatch() {
    EpochLosses losses = of(2, minibatch(0, 100), minibatch(1, 50), minibatch(1, 50));
    assertThatThrownBy(() -> losses.check(4, 150))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "epoch 4: each of 2 minibatches must be trained exactly once. Not trained: none. Trained more than once: 2. From another epoch: 0. Report this with the log.");
  }

  @Test
  void rejectsRepeatedMinibatchInPlaceOfAMissingOne() {
    EpochLosses losses = of(3, minibatch(0, 100), minibatch(0, 100), minibatch(1, 100));
    assertThatThrownBy(() -> losses.check(1, 300))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Not trained: 3. Trained more than once: 1.");
  }

  @Test
  void listsAtMostFiveMissingMinibatches() {
    assertThatThrownBy(() -> of(600).check(1, 60_000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Not trained: 1, 2, 3, 4, 5 and 595 more.");
  }

  @Test
  void rejectsWrongNumberOfImages() {
    EpochLosses losses = of(2, minibatch(0, 100), minibatch(1, 100));
    assertThatThrownBy(() -> losses.check(1, 150))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("200 images instead of 150");
  }

  @Test
  void rejectsMinibatchOfAnotherEpoch() {
    EpochLosses losses = of(1, minibatch(0, 100), minibatch(7, 100));
    assertThatThrownBy(() -> losses.check(1, 100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("From another epoch: 1");
  }

  @Test
  void countsMinibatchesFromSeveralThreads() {
    int minibatches = 200_000;
    EpochLosses losses = of(minibatches);
    IntStream.range(0, minibatches).parallel().forEach(i -> losses.add(minibatch(i, 3)));
    assertThatCode(() -> losses.check(1, 3 * minibatches)).doesNotThrowAnyException();
    assertThat(losses.mean().bce()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void totalIsTheSumOfBothTerms() {
    assertThat(new MinibatchLoss(0.25, 0.5, 1).total()).isEqualTo(0.75);
  }
}
