package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
  private static final String HEADER =
      "epoch,train_loss_last,train_loss_mean,bce_last,bce_mean,reg_term_last,reg_term_mean,"
          + "test_bce,test_reg_term,examples,seconds,examples_per_second,drift";

  private static final EpochRecord FIRST =
      EpochRecord.of(
          1,
          new MinibatchLoss(0.25, 0.0625, 50),
          new MinibatchLoss(0.5, 0.125, 60_000),
          new MinibatchLoss(0.375, 0.03125, 10_000),
          120,
          0.125);

  /** A record of values without a short decimal representation. */
  private static final EpochRecord SECOND =
      new EpochRecord(
          2,
          0.1 + 0.2,
          1 / 3.0,
          1e-7,
          Double.MIN_VALUE,
          2 / 7.0,
          12345.6789e20,
          Math.PI,
          Math.E,
          60_000,
          0.001,
          1e7 / 3,
          1 / 7.0);

  @Test
  void recordHoldsEveryValueInItsField() {
    assertThat(FIRST)
        .isEqualTo(
            new EpochRecord(
                1, 0.3125, 0.625, 0.25, 0.5, 0.0625, 0.125, 0.375, 0.03125, 60_000, 120, 500,
                0.125));
  }

  @Test
  void writesHeaderAndOneLinePerEpoch() {
    assertThat(History.csv(List.of(FIRST)))
        .isEqualTo(
            HEADER
                + "\n1,0.3125,0.625,0.25,0.5,0.0625,0.125,0.375,0.03125,60000,120.0,500.0,0.125\n");
  }

  @Test
  void readsBackWhatItWrote() {
    List<EpochRecord> epochs = List.of(FIRST, SECOND);
    assertThat(History.csv(epochs).lines()).hasSize(3);
    assertThat(History.parse(History.csv(epochs))).isEqualTo(epochs);
  }

  @Test
  void readsBackNonFiniteMeasurements() {
    EpochRecord nonFinite =
        new EpochRecord(1, 1, 1, 1, 1, 1, 1, Double.NaN, Double.POSITIVE_INFINITY, 1, 1, 1, 0);
    assertThat(History.parse(History.csv(List.of(nonFinite)))).containsExactly(nonFinite);
  }

  @Test
  void writesNoEpochsAsEmptyFile() {
    assertThat(History.csv(List.of())).isEmpty();
    assertThat(History.parse("")).isEmpty();
    assertThat(History.parse(HEADER + "\n")).isEmpty();
  }

  @Test
  void doesNotDependOnTheLocale() {
    Locale original = Locale.getDefault();
    String expected = History.csv(List.of(FIRST, SECOND));
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(History.csv(List.of(FIRST, SECOND))).isEqualTo(expected);
      assertThat(SECOND.tableOneLine(50)).contains("Train_Loss:0.30000000000000004,");
    } finally {
      Locale.setDefault(original);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HEADER + "\n1,0.3125,0.625\n",
        HEADER + "\n1,x,0.625,0.25,0.5,0.0625,0.125,0.375,0.03125,60000,120.0,500.0,0.125\n",
        HEADER
            + ",more\n1,0.3125,0.625,0.25,0.5,0.0625,0.125,0.375,0.03125,60000,120.0,500.0,0,1\n",
        HEADER + "\n1,0.3125,0.625,0.25,0.5,0.0625,0.125,0.375,0.03125,60000,120.0,500.0,0,1\n",
        HEADER
            + "\n1,0.3125,0.625,0.25,0.5,0.0625,0.125,0.375,0.03125,60000,120.0,500.0,0.125"
            + "\n2,0.3125,0.625,0.25,0.5,0.0625,0.125,0.375,0.03125,6000,120.0,500.0,0.125\n",
        HEADER + "\n\n"
      })
  void rejectsOtherText(String csv) {
    assertThatThrownBy(() -> History.parse(csv)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void formatsLineOfTheReferencesTable1() {
    EpochRecord record =
        new EpochRecord(
            1,
            0.2699808180332184,
            0.4,
            0.2,
            0.3,
            0.01405326183885336,
            0.1,
            0.2,
            0.1,
            60_000,
            1,
            1,
            0);
    assertThat(record.tableOneLine(50))
        .isEqualTo("Epoch:1/50, Train_Loss:0.2699808180332184, Train_Reg_Term:0.01405326183885336");
  }
}
