package org.sparkvae;

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

/**
 * What a job that was killed leaves in temporary folders and {@code /dev/shm}, and who clears it.
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

  private void awaitEpochs(String run, int count, SparkVaeProcess job) throws Exception {
    Path checkpoint = directory.resolve("runs/%s/checkpoints/epoch-%04d".formatted(run, count));
    while (!Files.exists(checkpoint)) {
      assertThat(job.isAlive()).as("%s", job.errors()).isTrue();
      Thread.sleep(100);
    }
  }

  /** Temporary files and folders of a job, which are all in one. */
  private List<Path> folders() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.toList();
    }
  }

  private static Path aeronBuffers(SparkVaeProcess job) throws IOException {
    List<String> all = MemoryFootprint.aeronDirectories(Path.of("/proc/" + job.pid()));
    assertThat(all).hasSize(1);
    return Path.of(all.get(0));
  }

  @Test
  void ofAKilledJobGoWithTheNextAndThoseOfALivingOneStay() throws Exception {
    temporary = Files.createDirectory(directory.resolve("tmp"));
    SparkVaeProcess living = start("living", 1000);
    SparkVaeProcess killed = start("killed", 2);
    try {
      awaitEpochs("living", 1, living);
      awaitEpochs("killed", 1, killed);
      Path buffersOfLiving = aeronBuffers(living);
      Path buffersOfKilled = aeronBuffers(killed);
      killed.kill();
      assertThat(folders()).hasSize(2);
      assertThat(buffersOfKilled.resolve("cnc.dat")).exists();

      start("killed", 2).awaitEnd().assertExitCode(0);
      assertThat(buffersOfKilled).doesNotExist();
      assertThat(folders())
          .singleElement()
          .asString()
          .contains("spark-vae-process-%d-".formatted(living.pid()));

      assertThat(buffersOfLiving.resolve("cnc.dat")).exists();
      assertThat(living.isAlive()).isTrue();
      assertThat(living.terminate(Duration.ofSeconds(30))).isEqualTo(143);
      assertThat(living.errors().lines().filter(line -> line.startsWith("sparkvae: ")))
          .singleElement()
          .asString()
          .startsWith("sparkvae: interrupted; ");
      assertThat(buffersOfLiving).doesNotExist();
      assertThat(folders()).isEmpty();
    } finally {
      killed.kill();
      living.kill();
    }
  }
}
