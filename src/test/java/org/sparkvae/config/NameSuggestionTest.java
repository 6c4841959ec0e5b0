package org.sparkvae.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameSuggestionTest {
  private static final Set<String> SETTINGS = SettingsReader.values(Settings.DEFAULTS).keySet();

  @ParameterizedTest
  @CsvSource({
    "warm-up, kl-warmup-epochs",
    "latent-size, latent-channels",
    "--latent-size, latent-channels",
    "batchSize, batch-size",
    "epoch, epochs",
    "tariner, trainer",
    "lr-decay, learning-rate-decay",
    "sed, seed"
  })
  void suggestsSimilarNames(String unknown, String known) {
    assertThat(NameSuggestion.similar(unknown, SETTINGS)).contains(known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--foo", "--gpu", "--compare", "--to", "--x", "--name", "--", ""})
  void suggestsNothingForOtherNames(String unknown) {
    assertThat(NameSuggestion.similar(unknown, SETTINGS)).isEmpty();
  }

  @Test
  void nearestAlwaysReturnsAName() {
    assertThat(NameSuggestion.nearest("xyz", SETTINGS)).isIn(SETTINGS);
  }
}
