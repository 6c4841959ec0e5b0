package org.sparkvae.doctor;

import static org.sparkvae.spark.ExecutorGroup.DRIVER;

import org.sparkvae.doctor.Finding.Level;

/**
 * A check in one process, which creates findings.
 *
 * @param process the process, such as {@code driver} or {@code executor 0 (10.0.0.7)}
 * @param name the name of the check
 */
record Check(String process, String name) {
  Finding ok(String result) {
    return new Finding(process, name, Level.OK, result, "");
  }

  Finding warning(String result, String fix) {
    return new Finding(process, name, Level.WARNING, result, fix);
  }

  Finding wrongSetting(String result, String fix) {
    return new Finding(process, name, Level.WRONG_SETTING, result, fix);
  }

  Finding externalFailure(String result, String fix) {
    return new Finding(process, name, Level.EXTERNAL_FAILURE, result, fix);
  }

  /** Returns the option that sets a system property of the process to a directory. */
  String directoryOption(String property) {
    return "%s=-D%s=DIR"
        .formatted(
            process.equals(DRIVER) ? "JAVA_OPTS" : "--conf spark.executor.extraJavaOptions",
            property);
  }
}
