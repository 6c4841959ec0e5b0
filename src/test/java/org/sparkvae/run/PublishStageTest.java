package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.storage.Storage;

class PublishStageTest {
  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();
  private Storage place;

  @BeforeEach
  void somewhere() {
    place = Storage.at(output.toString(), new Configuration());
  }

  private Run run(String id) throws Exception {
    Run run =
        Run.open(id, output.toString(), lower -> lower.options(Map.of()).settings(), reporter);
    run.begin();
    Files.writeString(
        output.resolve(id).resolve("provenance.json"), "{\"run_id\": \"%s\"}".formatted(id));
    return run;
  }

  private Run finished(String id, int minute) throws Exception {
    Run run = run(id);
    Path success = FinishedFiles.make(output.resolve(id));
    Files.setLastModifiedTime(success, FileTime.fromMillis(60_000L * minute));
    return run;
  }

  private String current() throws Exception {
    return output.resolve("current").toRealPath().getFileName().toString();
  }

  @Test
  void pointsAtFinishedRunsOnly() throws Exception {
    assertThatThrownBy(() -> PublishStage.publish(run("half"), place))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("run 'half' is not finished; finish it with: run --run-id half");
    assertThat(output.resolve("current")).doesNotExist();

    PublishStage.publish(finished("a", 1), place);
    assertThat(current()).isEqualTo("a");
    PublishStage.publish(finished("b", 2), place);
    assertThat(current()).isEqualTo("b");
  }

  @Test
  void publishesOnce() throws Exception {
    Run run = finished("a", 1);
    PublishStage.publish(run, place);
    FileTime before =
        Files.getLastModifiedTime(
            output.resolve("current"), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    PublishStage.publish(run, place);
    assertThat(reporter.lines).last().asString().startsWith("published already: ");
    assertThat(
            Files.getLastModifiedTime(
                output.resolve("current"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(before);
  }

  @Test
  void keepsTheNewestThePublishedTheUnfinishedAndTheBusy() throws Exception {
    finished("busy", 1);
    finished("old", 2);
    PublishStage.publish(finished("published", 3), place);
    finished("newer", 4);
    Run newest = finished("newest", 5);
    run("half");
    RunLock lock = RunLock.take(run("busy"), () -> {});
    try {
      PublishStage.clear(newest, 2);
    } finally {
      lock.release();
    }
    for (String kept : new String[] {"busy", "published", "newer", "newest", "half"}) {
      assertThat(output.resolve(kept)).isDirectory();
    }
    assertThat(output.resolve("old")).doesNotExist();
    assertThat(output).isDirectoryNotContaining("glob:**_writing*");
    assertThat(reporter.lines)
        .anyMatch(line -> line.startsWith("warning: not cleared away: run 'busy'"))
        .anyMatch(line -> line.startsWith("cleared away: ") && line.endsWith("/old"));
  }

  @Test
  void aDamagedRunStaysAndIsInNobodysWay() throws Exception {
    finished("damaged", 1);
    Files.writeString(output.resolve("damaged/provenance.json"), "{\"run_id\"");
    finished("old", 2);
    PublishStage.clear(finished("newest", 3), 1);
    assertThat(output.resolve("damaged")).isDirectory();
    assertThat(output.resolve("old")).doesNotExist();
    assertThat(reporter.lines)
        .anyMatch(
            line ->
                line.startsWith("warning: not cleared away: ")
                    && line.contains("damaged/provenance.json"));
  }

  @Test
  void whatIsPublishedElsewhereOrNoRunAtAllStays() throws Exception {
    Storage elsewhere = Storage.at(output.resolve("elsewhere").toString(), new Configuration());
    PublishStage.publish(finished("a", 1), elsewhere);
    finished("b", 2);
    Files.createSymbolicLink(output.resolve("best"), Path.of("b"));
    FinishedFiles.make(Files.createDirectory(output.resolve("analysis")));
    Run newest = finished("c", 3);
    PublishStage.publish(newest, place);
    PublishStage.clear(newest, 1);

    assertThat(output.resolve("a")).isDirectory();
    assertThat(output.resolve("analysis")).isDirectory();
    assertThat(output.resolve("best")).isSymbolicLink();
    assertThat(output.resolve("b")).doesNotExist();
  }

  @Test
  void neverDeletesTheRunThatIsBeingPublished() throws Exception {
    Run oldest = finished("oldest", 1);
    finished("newer", 2);
    PublishStage.publish(oldest, place);
    PublishStage.clear(oldest, 1);
    assertThat(output.resolve("oldest")).isDirectory();
    assertThat(output.resolve("newer")).isDirectory();
  }
}
