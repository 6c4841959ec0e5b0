package org.sparkvae.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How a model is trained. */
public enum TrainerKind {
  /** Deeplearning4j's parameter server on Spark, asynchronous. */
  @JsonProperty("shared")
  SHARED,
  /** Deeplearning4j's parameter averaging on Spark, synchronous. */
  @JsonProperty("averaging")
  AVERAGING,
  /** One JVM, no Spark in the loop: the baseline. */
  @JsonProperty("local")
  LOCAL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
