package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkCoresTest {
  @ParameterizedTest
  @CsvSource({
    "local, 1",
    "local[3], 3",
    "local[*], 16",
    "'local[2,4]', 2",
    "'local[*,4]', 16",
  })
  void readsCoresFromTheLocalMaster(String master, int cores) {
    assertThat(SparkCores.of(master, "org.sparkvae.cli.Main run --cores 5", 16)).isEqualTo(cores);
  }

  @ParameterizedTest
  @CsvSource({"spark://host:7077", "yarn", "k8s://https://host", "local-cluster[2,1,1024]"})
  void readsCoresFromTheExecutorsCommandLine(String master) {
    String executor =
        "org.apache.spark.executor.CoarseGrainedExecutorBackend --driver-url spark://x@y:1"
            + " --executor-id 0 --hostname z --cores 3 --app-id app-1";
    assertThat(SparkCores.of(master, executor, 16)).isEqualTo(3);
    assertThat(SparkCores.of(master, "something else", 16)).isEqualTo(16);
  }
}
