package org.sparkvae.doctor;

import java.io.Serializable;
import org.sparkvae.collective.GlooLibrary;
import org.sparkvae.exception.SparkVaeException;

/**
 * The library with which the executors of {@code --trainer allreduce} exchange sums.
 *
 * @param fault the error if it cannot be loaded, otherwise empty
 */
record GlooInfo(String fault) implements Serializable {
  /** Loads the library. Takes several seconds the first time on a host, which unpacks it. */
  static GlooInfo ofThisProcess() {
    try {
      GlooLibrary.load();
      return new GlooInfo("");
    } catch (SparkVaeException e) {
      return new GlooInfo(e.getMessage());
    }
  }

  static Finding check(String process, GlooInfo gloo) {
    Check check = new Check(process, "Gloo");
    return gloo.fault.isEmpty()
        ? check.ok("loaded")
        : check.warning(gloo.fault, "Other trainers than allreduce do not need Gloo.");
  }
}
