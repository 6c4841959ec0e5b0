package org.sparkvae.mnist;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where what all runs of a user share is kept. */
public final class CacheDirectory {
  private CacheDirectory() {}

  /**
   * Returns {@code spark-vae} under {@code XDG_CACHE_HOME}, or under {@code .cache} in the user's
   * home; it need not exist.
   */
  public static Path ofUser() {
    return in(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static Path in(Map<String, String> environment, Path home) {
    // The XDG specification has relative paths ignored; an empty one is the same as none.
    return Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElseGet(() -> home.resolve(".cache"))
        .resolve("spark-vae");
  }
}
