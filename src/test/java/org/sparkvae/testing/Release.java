package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The release archive of a complete build. */
public final class Release {
  private static final long DEADLINE_SECONDS = 120;

  private Release() {}

  /**
   * Unpacks the archive.
   *
   * @param directory an existing directory
   * @return the directory of the release
   */
  public static Path unpack(Path directory) throws Exception {
    Path archive = onlyEntry(Path.of("target"), "-bin.tar.gz");
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", directory.toString())
            .inheritIO()
            .start();
    try {
      assertThat(tar.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      tar.destroyForcibly();
    }
    assertThat(tar.exitValue()).isZero();
    return onlyEntry(directory, "");
  }

  private static Path onlyEntry(Path directory, String suffix) throws Exception {
    try (Stream<Path> entries = Files.list(directory)) {
      Path[] matching =
          entries.filter(entry -> entry.toString().endsWith(suffix)).toArray(Path[]::new);
      assertThat(matching).hasSize(1);
      return matching[0];
    }
  }
}
