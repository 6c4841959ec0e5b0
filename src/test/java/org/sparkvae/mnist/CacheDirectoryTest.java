package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheDirectoryTest {
  private static final Path HOME = Path.of("/home/someone");

  @Test
  void liesInTheHomeByDefault() {
    assertThat(CacheDirectory.in(Map.of(), HOME))
        .isEqualTo(Path.of("/home/someone/.cache/spark-vae"));
  }

  @Test
  void followsXdg() {
    assertThat(CacheDirectory.in(Map.of("XDG_CACHE_HOME", "/scratch"), HOME))
        .isEqualTo(Path.of("/scratch/spark-vae"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative"})
  void takesNoRelativePathFromXdg(String value) {
    assertThat(CacheDirectory.in(Map.of("XDG_CACHE_HOME", value), HOME))
        .isEqualTo(Path.of("/home/someone/.cache/spark-vae"));
  }
}
