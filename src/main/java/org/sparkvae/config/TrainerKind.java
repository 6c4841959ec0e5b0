package org.sparkvae.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The training algorithms. */
public enum TrainerKind {
  /** DL4J's parameter server on Spark; asynchronous. */
  @JsonProperty("shared")
  SHARED,
  /** DL4J's parameter averaging on Spark; synchronous. */
  @JsonProperty("averaging")
  AVERAGING,
  /** Training in one JVM without Spark; the baseline. */
  @JsonProperty("local")
  LOCAL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
