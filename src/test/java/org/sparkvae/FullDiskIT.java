package org.sparkvae;

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
import org.sparkvae.cluster.Driver;

/**
 * A file system of its own that has no room, or lets nothing be written or renamed: the main job
 * says so, leaves nothing half-written to be seen, and is finished by the same command later.
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

  /** Takes all room but a little. */
  private void fill(int left) throws IOException {
    try (RandomAccessFile filler = new RandomAccessFile(disk.resolve("filler").toFile(), "rw")) {
      byte[] block = new byte[4096];
      for (long room; (room = disk.toFile().getUsableSpace()) > left; ) {
        filler.write(block, 0, (int) Math.min(block.length, room - left));
      }
    }
  }

  /** Every file has room for its beginning. */
  @ParameterizedTest
  @CsvSource({
    "the first checkpoint, provenance.json, 300000",
    "reconstruction, model.zip, 300000",
    "the figures, reconstructions, 100000",
    "the page, evaluation.json, 20000"
  })
  void aDiskThatFillsIsExitCode75(String during, String after, int left) throws Exception {
    job = SparkVaeProcess.start(directory, command);
    await(after);
    fill(left);
    job.awaitEnd().assertExitCode(75);
    assertThat(error()).contains("No space left on device", "run the same command again");
    assertNothingHalfWritten();
    Files.delete(disk.resolve("filler"));
    assertItIsFinished();
  }

  @Test
  void aDiskThatLetsNothingBeWrittenIsExitCode75() throws Exception {
    assertThat(exec("mount", "-o", "remount,ro", disk.toString())).isZero();
    job = SparkVaeProcess.run(directory, command).assertExitCode(75);
    assertThat(error()).contains(disk.toString(), "Read-only file system");
    assertThat(disk).isEmptyDirectory();
    assertThat(exec("mount", "-o", "remount,rw", disk.toString())).isZero();
    assertItIsFinished();
  }

  /** In such a directory files can be made and written, but neither renamed nor deleted. */
  @Test
  void aRenameThatFailsIsExitCode75() throws Exception {
    Path probe = Files.createDirectory(disk.resolve("probe"));
    assumeTrue(exec("chattr", "+a", probe.toString()) == 0, "chattr may be forbidden");
    assertThat(exec("chattr", "-a", probe.toString())).isZero();
    job = SparkVaeProcess.start(directory, command);
    await("provenance.json");
    assertThat(exec("chattr", "+a", run.toString())).isZero();
    job.awaitEnd().assertExitCode(75);
    assertThat(error()).contains(run.resolve("history.csv").toString());
    try (Stream<Path> files = Files.list(run)) {
      assertThat(
              files
                  .map(each -> each.getFileName().toString())
                  .filter(name -> !name.startsWith("_")))
          .containsExactlyInAnyOrder("config.yaml", "provenance.json", "checkpoints");
    }
    assertThat(exec("chattr", "-a", run.toString())).isZero();
    assertItIsFinished();
  }

  /** Where a copy of the images is while they are trained on, and what Spark shuffles. */
  @Test
  void aTemporaryDirectoryThatFillsIsExitCode75() throws Exception {
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
    assertNothingHalfWritten();
    Files.delete(disk.resolve("filler"));
    assertItIsFinished();
  }

  private void await(String file) throws Exception {
    long deadline = System.currentTimeMillis() + DEADLINE_MILLIS;
    while (!Files.exists(run.resolve(file))) {
      assertThat(job.isAlive()).as("%s", job.errors()).isTrue();
      assertThat(System.currentTimeMillis()).as(file).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** The one line that is neither progress nor a warning of few images. */
  private String error() throws IOException {
    List<String> lines =
        job.errors()
            .lines()
            .filter(line -> line.startsWith("sparkvae: ") && !line.startsWith("sparkvae: warning"))
            .toList();
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  /** What is there is what an uninterrupted run has; the history may end earlier. */
  private void assertNothingHalfWritten() throws Exception {
    Map<String, String> there = RunOutputs.of(run);
    // Written more than once; both can be read, or RunOutputs would have failed.
    there.keySet().removeAll(Set.of("history.csv", "provenance.json"));
    Path whole = FinishedRun.copyTo(Files.createTempDirectory(directory, "whole"));
    assertThat(RunOutputs.of(whole)).containsAllEntriesOf(there);
    List<String> epochs = RunOutputs.epochs(run);
    assertThat(RunOutputs.epochs(whole).subList(0, epochs.size())).isEqualTo(epochs);
    assertNoLeftover();
  }

  private void assertNoLeftover() throws IOException {
    try (Stream<Path> files = Files.walk(disk)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .noneMatch(name -> name.startsWith("_writing") || name.startsWith("_lock"));
    }
  }

  private void assertItIsFinished() throws Exception {
    SparkVaeProcess.run(directory, command).assertExitCode(0);
    Path whole = FinishedRun.copyTo(Files.createTempDirectory(directory, "whole"));
    assertThat(RunOutputs.of(run)).isEqualTo(RunOutputs.of(whole));
    assertNoLeftover();
  }
}
