package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.MemoryFootprint;
import org.sparkvae.testing.SparkVaeProcess;

/**
 * Tests that the next job deletes the files that a killed job has left in the temporary directory
 * and in {@code /dev/shm}.
 */
@CompleteBuild
@Timeout(300)
class TemporaryFilesIT {
  @TempDir Path directory;

  private Path temporary;

  private SparkVaeProcess start(String run, int epochs) throws IOException {
    return SparkVaeProcess.start(
        directory,
        "--conf",
        "spark.driver.extraJavaOptions=-Djava.io.tmpdir=" + temporary,
        "train",
        "--run-id",
        run,
        "--output",
        directory.resolve("runs").toString(),
        "--limit",
        "300",
        "--epochs",
        String.valueOf(epochs),
        "--config",
        "conf/model2.yaml");
  }

  private void awaitEpoch(String run, int epoch, SparkVaeProcess job) throws Exception {
    Path checkpoint = directory.resolve("runs/%s/checkpoints/epoch-%04d".formatted(run, epoch));
    while (!Files.exists(checkpoint)) {
      assertThat(job.isAlive()).as("%s", job.errors()).isTrue();
      Thread.sleep(100);
    }
  }

  /** Returns the temporary directories; each job has one for all its temporary files. */
  private List<Path> temporaryDirectories() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.toList();
    }
  }

  private static Path aeronBuffers(SparkVaeProcess job) throws IOException {
    List<String> directories = MemoryFootprint.aeronDirectories(Path.of("/proc/" + job.pid()));
    assertThat(directories).hasSize(1);
    return Path.of(directories.get(0));
  }

  @Test
  void nextJobDeletesFilesOfKilledJobsOnly() throws Exception {
    temporary = Files.createDirectory(directory.resolve("tmp"));
    SparkVaeProcess running = start("running", 1000);
    SparkVaeProcess killed = start("killed", 2);
    try {
      awaitEpoch("running", 1, running);
      awaitEpoch("killed", 1, killed);
      Path buffersOfRunning = aeronBuffers(running);
      Path buffersOfKilled = aeronBuffers(killed);
      killed.kill();
      assertThat(temporaryDirectories()).hasSize(2);
      assertThat(buffersOfKilled.resolve("cnc.dat")).exists();

      start("killed", 2).awaitEnd().assertExitCode(0);
      assertThat(buffersOfKilled).doesNotExist();
      assertThat(temporaryDirectories())
          .singleElement()
          .asString()
          .contains("spark-vae-process-%d-".formatted(running.pid()));

      assertThat(buffersOfRunning.resolve("cnc.dat")).exists();
      assertThat(running.isAlive()).isTrue();
      assertThat(running.terminate(Duration.ofSeconds(30))).isEqualTo(143);
      assertThat(running.errors().lines().filter(line -> line.startsWith("sparkvae: ")))
          .singleElement()
          .asString()
          .startsWith("sparkvae: interrupted. ");
      assertThat(buffersOfRunning).doesNotExist();
      assertThat(temporaryDirectories()).isEmpty();
    } finally {
      killed.kill();
      running.kill();
    }
  }
}
