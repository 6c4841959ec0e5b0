package org.sparkvae.config;

import static java.util.Map.entry;

import java.util.Map;

/** A valid value for every setting that differs from its default. */
public final class NonDefaults {
  public static final Map<String, Object> VALUES =
      Map.ofEntries(
          entry("latent-channels", 16),
          entry("dropout", 0.25),
          entry("lambda", 2.5),
          entry("kl-warmup-epochs", 4),
          entry("learning-rate", 0.0625),
          entry("learning-rate-decay", 0.75),
          entry("batch-size", 7),
          entry("epochs", 3),
          entry("precision", "bfloat16"),
          entry("trainer", "local"),
          entry("workers", 2),
          entry("limit", 1000),
          entry("seed", 5_000_000_000L));

  private NonDefaults() {}
}
