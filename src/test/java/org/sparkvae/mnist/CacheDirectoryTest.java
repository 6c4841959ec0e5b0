package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheDirectoryTest {
  private static final Path HOME = Path.of("/home/user");

  @Test
  void usesHomeDirectoryByDefault() {
    assertThat(CacheDirectory.resolve(Map.of(), HOME))
        .isEqualTo(Path.of("/home/user/.cache/spark-vae"));
  }

  @Test
  void usesXdgCacheHome() {
    assertThat(CacheDirectory.resolve(Map.of("XDG_CACHE_HOME", "/scratch"), HOME))
        .isEqualTo(Path.of("/scratch/spark-vae"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative"})
  void ignoresEmptyOrRelativeXdgCacheHome(String value) {
    assertThat(CacheDirectory.resolve(Map.of("XDG_CACHE_HOME", value), HOME))
        .isEqualTo(Path.of("/home/user/.cache/spark-vae"));
  }
}
