package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/** Suspends a local job in the middle of an epoch, as Ctrl-Z or a closed laptop does. */
@CompleteBuild
class SuspensionIT {
  private static final int IMAGES = 20_000;
  private static final Duration TRAINING_START = Duration.ofMinutes(3);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "shared, 35",
    "allreduce, 35",
    "averaging, 35",
    "local, 35",
    "shared, 60",
    "averaging, 60",
    "local, 60",
    "shared, 600",
    "averaging, 600",
    "local, 600"
  })
  void continuesAfterASuspension(String trainer, long seconds) throws Exception {
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            "train",
            "--run-id",
            "s",
            "--output",
            directory.resolve("runs").toString(),
            "--limit",
            String.valueOf(IMAGES),
            "--epochs",
            "1",
            "--trainer",
            trainer,
            "--config",
            "conf/model2.yaml");
    try {
      long deadline = System.nanoTime() + TRAINING_START.toNanos();
      while (!job.errors().contains("minibatch")) {
        assertThat(job.isAlive()).as("%s", job.errors()).isTrue();
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(200);
      }

      job.signal("STOP");
      Thread.sleep(Duration.ofSeconds(seconds).toMillis());
      job.signal("CONT");

      job.awaitEnd().assertExitCode(0);
    } finally {
      job.kill();
    }
    List<EpochRecord> history =
        History.parse(Files.readString(directory.resolve("runs/s/history.csv")));
    assertThat(history).singleElement().extracting(EpochRecord::examples).isEqualTo(IMAGES);
    assertThat(job.errors()).doesNotContain("Exception", "\tat ");
  }
}
