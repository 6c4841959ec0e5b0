package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares the steps with Table 2 of the reference report. */
class LayerSummaryTest {
  private static List<String> lines(ModelConfig config) {
    return LayerSummary.of(config).stream()
        .map(step -> "%s: %s → %s".formatted(step.part(), step.operation(), step.shape()))
        .toList();
  }

  @Test
  void model1HasTheTwentyStepsOfTheReference() {
    assertThat(lines(new ModelConfig(256, 0.01, 0.5, 0.001, 42)))
        .containsExactly(
            "Encoder: a1 = LSTM(image, 28 → 32) → 28 × 32",
            "Encoder: a2 = ReLU(a1) → 28 × 32",
            "Encoder: a3 = FullyConnected(a2, 32 → 256), for the mean and for the log-variance → 28 × 256",
            "Encoder: a4 = Sampling(a3) → 256 × 28 × 1",
            "Decoder, layer 1: a5 = TransposedConv(a4, 256 → 128, kernel 5×5, stride 3×1) → 128 × 86 × 5",
            "Decoder, layer 1: a6 = ReLU(a5) → 128 × 86 × 5",
            "Decoder, layer 1: a7 = BatchNormalization(a6) → 128 × 86 × 5",
            "Decoder, layer 1: a8 = MaxPooling(a7, kernel 3×2, stride 3×2) → 128 × 28 × 2",
            "Decoder, layer 1: a9 = Dropout(a8, 0.01) → 128 × 28 × 2",
            "Decoder, layer 2: a10 = TransposedConv(a9, 128 → 64, kernel 5×5, stride 3×1) → 64 × 86 × 6",
            "Decoder, layer 2: a11 = ReLU(a10) → 64 × 86 × 6",
            "Decoder, layer 2: a12 = BatchNormalization(a11) → 64 × 86 × 6",
            "Decoder, layer 2: a13 = MaxPooling(a12, kernel 3×2, stride 3×2) → 64 × 28 × 3",
            "Decoder, layer 2: a14 = Dropout(a13, 0.01) → 64 × 28 × 3",
            "Decoder, layer 3: a15 = TransposedConv(a14, 64 → 1, kernel 5×5, stride 3×1) → 1 × 86 × 7",
            "Decoder, layer 3: a16 = ReLU(a15) → 1 × 86 × 7",
            "Decoder, layer 3: a17 = BatchNormalization(a16) → 1 × 86 × 7",
            "Decoder, layer 3: a18 = MaxPooling(a17, kernel 3×2, stride 3×2) → 1 × 28 × 3",
            "Decoder, layer 3: a19 = Dropout(a18, 0.01) → 1 × 28 × 3",
            "Decoder, output: a20 = FullyConnected(a19, 3 → 28), sigmoid → 28 × 28");
  }

  @Test
  void model2HasTheSeventeenStepsOfTheReference() {
    assertThat(lines(new ModelConfig(16, 0, 0.5, 0.001, 42)))
        .hasSize(17)
        .contains(
            "Encoder: a3 = FullyConnected(a2, 32 → 16), for the mean and for the log-variance → 28 × 16",
            "Encoder: a4 = Sampling(a3) → 16 × 28 × 1",
            "Decoder, layer 1: a5 = TransposedConv(a4, 16 → 128, kernel 5×5, stride 3×1) → 128 × 86 × 5",
            "Decoder, layer 2: a9 = TransposedConv(a8, 128 → 64, kernel 5×5, stride 3×1) → 64 × 86 × 6",
            "Decoder, layer 3: a16 = MaxPooling(a15, kernel 3×2, stride 3×2) → 1 × 28 × 3",
            "Decoder, output: a17 = FullyConnected(a16, 3 → 28), sigmoid → 28 × 28")
        .noneMatch(line -> line.contains("Dropout"));
  }
}
