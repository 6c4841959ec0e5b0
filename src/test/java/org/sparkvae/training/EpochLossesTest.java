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

  /** Minibatches in the order of their places, or in that of the keys given. */
  private static EpochLosses of(int minibatches, TrainedMinibatch... trained) {
    EpochLosses gathered =
        new EpochLosses(LongStream.range(FIRST_KEY, FIRST_KEY + minibatches).toArray());
    for (TrainedMinibatch each : trained) {
      gathered.add(each);
    }
    return gathered;
  }

  private static TrainedMinibatch minibatch(int place, MinibatchLoss loss) {
    return new TrainedMinibatch(FIRST_KEY + place, loss);
  }

  private static TrainedMinibatch minibatch(int place, int images) {
    return minibatch(place, new MinibatchLoss(0.25, 0.01, images));
  }

  @Test
  void acceptsAWholeEpochInAnyOrder() {
    EpochLosses losses = of(3, minibatch(2, 50), minibatch(0, 100), minibatch(1, 100));
    assertThatCode(() -> losses.check(1, 250)).doesNotThrowAnyException();
  }

  @Test
  void meansAreWeightedByImages() {
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
  void lastIsTheEpochsLastWhicheverCameLast() {
    MinibatchLoss last = new MinibatchLoss(9, 1, 50);
    assertThat(of(2, minibatch(1, last), minibatch(0, 100)).last()).isEqualTo(last);
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0.01", "0.25, NaN", "Infinity, 0.01", "0.25, -Infinity", "Infinity, -Infinity"})
  void aLossThatIsNotFiniteIsDivergence(double bce, double regTerm) {
    // The epoch stops there, so it is not whole either: divergence is what to report.
    EpochLosses losses =
        of(600, minibatch(0, 100), minibatch(1, new MinibatchLoss(bce, regTerm, 100)));
    assertThatThrownBy(() -> losses.check(7, 60_000))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContainingAll("epoch 7", "minibatch 2", "--learning-rate");
  }

  @Test
  void infinitiesOfBothSignsDoNotCancel() {
    EpochLosses losses =
        of(
            2,
            minibatch(0, new MinibatchLoss(Double.POSITIVE_INFINITY, 0, 100)),
            minibatch(1, new MinibatchLoss(Double.NEGATIVE_INFINITY, 0, 100)));
    assertThatThrownBy(() -> losses.check(1, 200)).isInstanceOf(DivergenceException.class);
  }

  @Test
  void aMissingMinibatchIsAFaultThatNamesIt() {
    EpochLosses losses = of(3, minibatch(0, 100), minibatch(2, 50));
    assertThatThrownBy(() -> losses.check(4, 250))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "epoch 4: of 3 minibatches, not trained: 2; trained more than once: none; of another epoch: 0");
  }

  @Test
  void aMinibatchThatCameTwiceIsAFaultThatNamesIt() {
    EpochLosses losses = of(2, minibatch(0, 100), minibatch(1, 50), minibatch(1, 50));
    assertThatThrownBy(() -> losses.check(4, 150))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "epoch 4: of 2 minibatches, not trained: none; trained more than once: 2; of another epoch: 0");
  }

  @Test
  void oneForAnotherIsAFaultThoughTheCountIsRight() {
    EpochLosses losses = of(3, minibatch(0, 100), minibatch(0, 100), minibatch(1, 100));
    assertThatThrownBy(() -> losses.check(1, 300))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not trained: 3; trained more than once: 1");
  }

  @Test
  void manyMissingAreNotAllNamed() {
    assertThatThrownBy(() -> of(600).check(1, 60_000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not trained: 1, 2, 3, 4, 5 and 595 more;");
  }

  @Test
  void otherNumbersOfImagesAreAFault() {
    EpochLosses losses = of(2, minibatch(0, 100), minibatch(1, 100));
    assertThatThrownBy(() -> losses.check(1, 150))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("200 images of 150");
  }

  @Test
  void aMinibatchOfAnotherEpochIsAFault() {
    EpochLosses losses = of(1, minibatch(0, 100), minibatch(7, 100));
    assertThatThrownBy(() -> losses.check(1, 100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of another epoch: 1");
  }

  @Test
  void losesNothingFromSeveralThreads() {
    int minibatches = 200_000;
    EpochLosses losses = of(minibatches);
    IntStream.range(0, minibatches).parallel().forEach(i -> losses.add(minibatch(i, 3)));
    assertThatCode(() -> losses.check(1, 3 * minibatches)).doesNotThrowAnyException();
    assertThat(losses.mean().bce()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void theTotalIsTheSumOfBoth() {
    assertThat(new MinibatchLoss(0.25, 0.5, 1).total()).isEqualTo(0.75);
  }
}
