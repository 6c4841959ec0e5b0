package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.failure.DivergenceFailure;

class EpochLossesTest {
  private static EpochLosses of(MinibatchLoss... losses) {
    EpochLosses gathered = new EpochLosses();
    for (MinibatchLoss loss : losses) {
      gathered.add(loss);
    }
    return gathered;
  }

  private static MinibatchLoss loss(int images) {
    return new MinibatchLoss(0.25, 0.01, images);
  }

  @Test
  void acceptsAWholeEpoch() {
    EpochLosses losses = of(loss(100), loss(100), loss(50));
    assertThatCode(() -> losses.check(1, 3, 250)).doesNotThrowAnyException();
  }

  @Test
  void meansAreWeightedByImages() {
    EpochLosses losses =
        of(
            new MinibatchLoss(1, 0.4, 100),
            new MinibatchLoss(2, 0.2, 100),
            new MinibatchLoss(9, 1, 50));
    assertThat(losses.mean().bce()).isCloseTo((100 + 200 + 450) / 250.0, within(1e-12));
    assertThat(losses.mean().regTerm()).isCloseTo((40 + 20 + 50) / 250.0, within(1e-12));
    assertThat(losses.mean().images()).isEqualTo(250);
  }

  @Test
  void lastIsTheLastThatCame() {
    MinibatchLoss last = new MinibatchLoss(9, 1, 50);
    assertThat(of(loss(100), last).last()).isEqualTo(last);
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0.01", "0.25, NaN", "Infinity, 0.01", "0.25, -Infinity", "Infinity, -Infinity"})
  void aLossThatIsNotFiniteIsDivergence(double bce, double regTerm) {
    // The epoch stops there, so it is not whole either: divergence is what to report.
    EpochLosses losses = of(loss(100), new MinibatchLoss(bce, regTerm, 100));
    assertThatThrownBy(() -> losses.check(7, 600, 60_000))
        .isInstanceOf(DivergenceFailure.class)
        .hasMessageContainingAll("epoch 7", "minibatch 2", "--learning-rate");
  }

  @Test
  void infinitiesOfBothSignsDoNotCancel() {
    EpochLosses losses =
        of(
            new MinibatchLoss(Double.POSITIVE_INFINITY, 0, 100),
            new MinibatchLoss(Double.NEGATIVE_INFINITY, 0, 100));
    assertThatThrownBy(() -> losses.check(1, 2, 200)).isInstanceOf(DivergenceFailure.class);
  }

  @Test
  void aMissingMinibatchIsAFaultWithBothCounts() {
    EpochLosses losses = of(loss(100), loss(50));
    assertThatThrownBy(() -> losses.check(4, 3, 250))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("epoch 4", "2 minibatches with 150 images", "of 3 with 250");
  }

  @Test
  void aMinibatchThatCameTwiceIsAFaultWithBothCounts() {
    EpochLosses losses = of(loss(100), loss(100), loss(100), loss(50));
    assertThatThrownBy(() -> losses.check(4, 3, 250))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("4 minibatches with 350 images", "of 3 with 250");
  }

  @Test
  void asManyMinibatchesWithOtherImagesAreAFault() {
    EpochLosses losses = of(loss(100), loss(100), loss(100));
    assertThatThrownBy(() -> losses.check(1, 3, 250)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void asManyImagesInOtherMinibatchesAreAFault() {
    EpochLosses losses = of(loss(125), loss(125));
    assertThatThrownBy(() -> losses.check(1, 3, 250)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anEpochWithoutAnyMinibatchIsAFault() {
    assertThatThrownBy(() -> of().check(1, 3, 250))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("0 minibatches with 0 images");
  }

  @Test
  void losesNothingFromSeveralThreads() {
    EpochLosses losses = new EpochLosses();
    IntStream.range(0, 2_000_000).parallel().forEach(i -> losses.add(loss(3)));
    assertThatCode(() -> losses.check(1, 2_000_000, 6_000_000)).doesNotThrowAnyException();
    assertThat(losses.mean().bce()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void theTotalIsTheSumOfBoth() {
    assertThat(new MinibatchLoss(0.25, 0.5, 1).total()).isEqualTo(0.75);
  }
}
