package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.storage.Storage;

class PublishStageTest {
  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();
  private Storage linkDirectory;

  @BeforeEach
  void openLinkDirectory() {
    linkDirectory = Storage.at(output.toString());
  }

  private Run run(String id) throws Exception {
    Run run =
        Run.open(id, output.toString(), reader -> reader.options(Map.of()).settings(), reporter);
    run.writeSettings();
    Files.writeString(
        output.resolve(id).resolve("provenance.json"), "{\"run_id\": \"%s\"}".formatted(id));
    return run;
  }

  private Run completeRun(String id, int minute) throws Exception {
    Run run = run(id);
    Path success = FinishedFiles.create(output.resolve(id));
    Files.setLastModifiedTime(success, FileTime.fromMillis(60_000L * minute));
    return run;
  }

  private String current() throws Exception {
    return output.resolve("current").toRealPath().getFileName().toString();
  }

  @Test
  void publishesOnlyCompleteRuns() throws Exception {
    assertThatThrownBy(() -> PublishStage.publish(run("half"), linkDirectory))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "Run 'half' in file:%s is not complete. Complete it with: submit/sparkvae run --run-id half --output file:%s"
                .formatted(output, output));
    assertThat(output.resolve("current")).doesNotExist();

    PublishStage.publish(completeRun("a", 1), linkDirectory);
    assertThat(current()).isEqualTo("a");
    PublishStage.publish(completeRun("b", 2), linkDirectory);
    assertThat(current()).isEqualTo("b");
  }

  @Test
  void doesNothingIfAlreadyPublished() throws Exception {
    Run run = completeRun("a", 1);
    PublishStage.publish(run, linkDirectory);
    FileTime before =
        Files.getLastModifiedTime(
            output.resolve("current"), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    PublishStage.publish(run, linkDirectory);
    assertThat(reporter.lines).last().asString().startsWith("already published: ");
    assertThat(
            Files.getLastModifiedTime(
                output.resolve("current"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(before);
  }

  @Test
  void keepsNewestPublishedIncompleteAndLockedRuns() throws Exception {
    completeRun("locked", 1);
    completeRun("old", 2);
    PublishStage.publish(completeRun("published", 3), linkDirectory);
    completeRun("newer", 4);
    Run newest = completeRun("newest", 5);
    run("half");
    RunLock lock = RunLock.acquire(run("locked"), () -> {});
    try {
      PublishStage.deleteOldRuns(newest, 2);
    } finally {
      lock.release();
    }
    for (String kept : new String[] {"locked", "published", "newer", "newest", "half"}) {
      assertThat(output.resolve(kept)).isDirectory();
    }
    assertThat(output.resolve("old")).doesNotExist();
    assertThat(output).isDirectoryNotContaining("glob:**_writing*");
    assertThat(reporter.lines)
        .anyMatch(line -> line.startsWith("warning: not deleted: Run 'locked'"))
        .anyMatch(line -> line.startsWith("deleted: ") && line.endsWith("/old"));
  }

  @Test
  void keepsADamagedRunAndContinues() throws Exception {
    completeRun("damaged", 1);
    Files.writeString(output.resolve("damaged/provenance.json"), "{\"run_id\"");
    completeRun("old", 2);
    PublishStage.deleteOldRuns(completeRun("newest", 3), 1);
    assertThat(output.resolve("damaged")).isDirectory();
    assertThat(output.resolve("old")).doesNotExist();
    assertThat(reporter.lines)
        .anyMatch(
            line ->
                line.startsWith("warning: not deleted: ")
                    && line.contains("damaged/provenance.json"));
  }

  @Test
  void keepsRunsPublishedElsewhereAndOtherDirectories() throws Exception {
    Storage otherDirectory = Storage.at(output.resolve("elsewhere").toString());
    PublishStage.publish(completeRun("a", 1), otherDirectory);
    completeRun("b", 2);
    Files.createSymbolicLink(output.resolve("best"), Path.of("b"));
    FinishedFiles.create(Files.createDirectory(output.resolve("analysis")));
    Run newest = completeRun("c", 3);
    PublishStage.publish(newest, linkDirectory);
    PublishStage.deleteOldRuns(newest, 1);

    assertThat(output.resolve("a")).isDirectory();
    assertThat(output.resolve("analysis")).isDirectory();
    assertThat(output.resolve("best")).isSymbolicLink();
    assertThat(output.resolve("b")).doesNotExist();
  }

  @Test
  void neverDeletesTheRunThatIsBeingPublished() throws Exception {
    Run oldest = completeRun("oldest", 1);
    completeRun("newer", 2);
    PublishStage.publish(oldest, linkDirectory);
    PublishStage.deleteOldRuns(oldest, 1);
    assertThat(output.resolve("oldest")).isDirectory();
    assertThat(output.resolve("newer")).isDirectory();
  }
}
