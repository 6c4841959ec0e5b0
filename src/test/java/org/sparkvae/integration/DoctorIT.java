package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.SparkVaeProcess;

/** Tests the {@code doctor} command through the launcher, without a cluster. */
class DoctorIT {
  @TempDir Path directory;

  @Test
  void reportsEachCheckAndExitsWithCode0() throws Exception {
    SparkVaeProcess doctor =
        SparkVaeProcess.run(directory, "doctor", "--output", directory.resolve("runs").toString())
            .assertExitCode(0);
    assertThat(doctor.errors()).isEmpty();
    assertThat(doctor.output().lines())
        .filteredOn(line -> line.startsWith("driver"))
        .hasSize(21)
        .allMatch(line -> line.contains("  ok  ") || line.contains("  warning  "));
    assertThat(doctor.output()).contains("checks: 21, failures: 0,");
    assertThat(directory.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void unwritableOutputFailsWithExitCode75() throws Exception {
    SparkVaeProcess doctor =
        SparkVaeProcess.run(directory, "doctor", "--output", "/proc/runs").assertExitCode(75);
    assertThat(doctor.output()).containsPattern("driver +output +failure +file:/proc/runs");
    assertThat(doctor.errors().lines())
        .singleElement()
        .asString()
        .startsWith("sparkvae: checks: 21, failures: 1, warnings: ");
  }
}
