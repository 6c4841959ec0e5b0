package org.sparkvae.mnist;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The directory of files shared by all runs of a user. */
public final class CacheDirectory {
  private CacheDirectory() {}

  /**
   * Returns {@code $XDG_CACHE_HOME/spark-vae}, or {@code ~/.cache/spark-vae} if the variable is
   * unset. The directory need not exist.
   */
  public static Path ofUser() {
    return resolve(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static Path resolve(Map<String, String> environment, Path home) {
    // The XDG specification says to ignore a relative path and to treat an empty one as unset.
    return Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElseGet(() -> home.resolve(".cache"))
        .resolve("spark-vae");
  }
}
