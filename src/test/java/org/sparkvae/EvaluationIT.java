package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.cluster.Driver;
import org.sparkvae.cluster.SparkCluster;

/** One model measured in one thread, in two, and by executors on two hosts. */
@Timeout(900)
class EvaluationIT {
  private static final int IMAGES = 1200;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.of(2);

  @TempDir Path directory;

  private String evaluation(Driver driver) throws Exception {
    Path file = directory.resolve("runs/e/evaluation.json");
    Files.deleteIfExists(file);
    SparkVaeProcess.start(
            directory,
            driver,
            "evaluate",
            "--run-id",
            "e",
            "--output",
            directory.resolve("runs").toString())
        .awaitEnd()
        .assertExitCode(0);
    return Files.readString(file);
  }

  @Test
  void agreesToTheLastDigitWhereverItIsMade() throws Exception {
    for (String verb : new String[] {"train", "reconstruct"}) {
      SparkVaeProcess.run(
              directory,
              verb,
              "--run-id",
              "e",
              "--output",
              directory.resolve("runs").toString(),
              "--limit",
              "" + IMAGES,
              "--epochs",
              "1",
              "--trainer",
              "local")
          .assertExitCode(0);
    }
    String one = evaluation(Driver.local().with("spark.master", "local[1]"));
    assertThat(one).contains("posterior_mixture.recall");
    assertThat(evaluation(Driver.local().with("spark.master", "local[2]"))).isEqualTo(one);
    assertThat(evaluation(CLUSTER.driver())).isEqualTo(one);
  }
}
