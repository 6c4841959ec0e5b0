package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.RunOutputs;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;

/**
 * Runs the main job on a file system that is full, read-only or forbids renames. The job must
 * report the error and leave no incomplete files, and rerunning the same command must finish it.
 */
@CompleteBuild
@Timeout(600)
class FullDiskIT {
  private static final long DEADLINE_MILLIS = 300_000;

  @TempDir Path directory;

  private Path disk;
  private SparkVaeProcess job;
  private Path run;
  private String[] command;

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount");
    disk = Files.createDirectory(directory.resolve("disk"));
    assertThat(exec("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", disk.toString())).isZero();
    run = disk.resolve("runs").resolve(FinishedRun.ID);
    command = FinishedRun.command(disk.resolve("runs"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (job != null) {
      job.kill();
    }
    if (disk != null) {
      exec("chattr", "-f", "-a", run.toString());
      assertThat(exec("umount", disk.toString())).isZero();
    }
  }

  private static int exec(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Fills the disk, except for some bytes. */
  private void fill(int freeBytes) throws IOException {
    try (RandomAccessFile filler = new RandomAccessFile(disk.resolve("filler").toFile(), "rw")) {
      byte[] block = new byte[4096];
      for (long room; (room = disk.toFile().getUsableSpace()) > freeBytes; ) {
        filler.write(block, 0, (int) Math.min(block.length, room - freeBytes));
      }
    }
  }

  /** The free space is enough for the beginning of each file. */
  @ParameterizedTest
  @CsvSource({
    "the first checkpoint, provenance.json, 300000",
    "reconstruction, model.zip, 300000",
    "the figures, reconstructions, 100000",
    "the page, evaluation.json, 20000"
  })
  void fullDiskFailsWithExitCode75(String failing, String previous, int freeBytes)
      throws Exception {
    job = SparkVaeProcess.start(directory, command);
    await(previous);
    fill(freeBytes);
    job.awaitEnd().assertExitCode(75);
    assertThat(error()).contains("No space left on device", "Rerun the same command to resume");
    assertNoIncompleteFiles();
    Files.delete(disk.resolve("filler"));
    assertRerunFinishes();
  }

  @Test
  void readOnlyDiskFailsWithExitCode75() throws Exception {
    assertThat(exec("mount", "-o", "remount,ro", disk.toString())).isZero();
    job = SparkVaeProcess.run(directory, command).assertExitCode(75);
    assertThat(error()).contains(disk.toString(), "Read-only file system");
    assertThat(disk).isEmptyDirectory();
    assertThat(exec("mount", "-o", "remount,rw", disk.toString())).isZero();
    assertRerunFinishes();
  }

  /** In an append-only directory, files can be created and written, but not renamed or deleted. */
  @Test
  void failedRenameFailsWithExitCode75() throws Exception {
    Path probe = Files.createDirectory(disk.resolve("probe"));
    assumeTrue(exec("chattr", "+a", probe.toString()) == 0, "chattr: not permitted");
    assertThat(exec("chattr", "-a", probe.toString())).isZero();
    job = SparkVaeProcess.start(directory, command);
    await("provenance.json");
    assertThat(exec("chattr", "+a", run.toString())).isZero();
    job.awaitEnd().assertExitCode(75);
    assertThat(error()).contains(run.resolve("history.csv").toString());
    try (Stream<Path> files = Files.list(run)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.startsWith("_")))
          .containsExactlyInAnyOrder("config.yaml", "provenance.json", "checkpoints");
    }
    assertThat(exec("chattr", "-a", run.toString())).isZero();
    assertRerunFinishes();
  }

  /** The temporary directory holds a copy of the training images and Spark's shuffle files. */
  @Test
  void fullTemporaryDirectoryFailsWithExitCode75() throws Exception {
    Path runs = directory.resolve("runs");
    run = runs.resolve(FinishedRun.ID);
    command = FinishedRun.command(runs);
    Driver driver =
        Driver.local().with("spark.driver.extraJavaOptions", "-Djava.io.tmpdir=" + disk);
    job = SparkVaeProcess.start(directory, driver, command);
    await("provenance.json");
    fill(50_000);
    job.awaitEnd().assertExitCode(75);
    assertThat(error()).contains("No space left on device");
    assertNoIncompleteFiles();
    Files.delete(disk.resolve("filler"));
    assertRerunFinishes();
  }

  private void await(String file) throws Exception {
    long deadline = System.currentTimeMillis() + DEADLINE_MILLIS;
    while (!Files.exists(run.resolve(file))) {
      assertThat(job.isAlive()).as("%s", job.errors()).isTrue();
      assertThat(System.currentTimeMillis()).as(file).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** Returns the only line that is neither progress nor a warning about few images. */
  private String error() throws IOException {
    List<String> lines =
        job.errors()
            .lines()
            .filter(line -> line.startsWith("sparkvae: ") && !line.startsWith("sparkvae: warning"))
            .toList();
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  /**
   * Asserts that existing files equal those of an uninterrupted run; the history can be shorter.
   */
  private void assertNoIncompleteFiles() throws Exception {
    Map<String, String> existing = RunOutputs.of(run);
    // Both are written repeatedly. RunOutputs has parsed them, so they are complete.
    existing.keySet().removeAll(Set.of("history.csv", "provenance.json"));
    Path uninterrupted = FinishedRun.copyTo(Files.createTempDirectory(directory, "uninterrupted"));
    assertThat(RunOutputs.of(uninterrupted)).containsAllEntriesOf(existing);
    List<String> epochs = RunOutputs.epochs(run);
    assertThat(RunOutputs.epochs(uninterrupted).subList(0, epochs.size())).isEqualTo(epochs);
    assertNoTemporaryFiles();
  }

  private void assertNoTemporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(disk)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("_writing") || name.startsWith("_lock"));
    }
  }

  private void assertRerunFinishes() throws Exception {
    SparkVaeProcess.run(directory, command).assertExitCode(0);
    Path uninterrupted = FinishedRun.copyTo(Files.createTempDirectory(directory, "uninterrupted"));
    assertThat(RunOutputs.of(run)).isEqualTo(RunOutputs.of(uninterrupted));
    assertNoTemporaryFiles();
  }
}
