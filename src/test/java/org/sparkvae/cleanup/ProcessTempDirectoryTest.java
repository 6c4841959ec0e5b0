package org.sparkvae.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With folders that look like those of other processes; {@code LeftoversIT} has real ones. */
class ProcessTempDirectoryTest {
  private static final String NAME = "spark-vae-process-" + ProcessHandle.current().pid() + "-";

  @TempDir Path directory;

  private ProcessTempDirectory own;

  @BeforeEach
  void make() throws IOException {
    own = ProcessTempDirectory.makeIn(directory);
  }

  @AfterEach
  void leave() {
    own.leave();
  }

  private Path ownPath() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(each -> each.getFileName().toString().contains("-process-"))
          .findAny()
          .orElseThrow();
    }
  }

  /** No process has such a number. */
  private Path dead() throws IOException {
    return directory.resolve(
        ownPath().getFileName().toString().replace(NAME, "spark-vae-process-99999999-"));
  }

  private static Path filled(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("blockmgr/00"));
    Files.writeString(folder.resolve("blockmgr/00/shuffle"), "data");
    Files.createFile(folder.resolve("lock"));
    return folder;
  }

  @Test
  void isForNobodyElseAndGoesWithTheProcess() throws IOException {
    Path path = ownPath();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    filled(path.resolve("more"));
    own.leave();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void clearsWhatADeadProcessLeft() throws IOException {
    Path dead = filled(dead());
    own.clearDeadOnesBeside();
    assertThat(dead).doesNotExist();
    assertThat(ownPath()).exists();
  }

  private Path beingMade() throws IOException {
    return Files.createDirectory(directory.resolve("." + dead().getFileName()));
  }

  private static void makeOld(Path folder) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minusSeconds(120)));
  }

  @Test
  void clearsThoseWhoseProcessWasKilledWhileMakingThem() throws IOException {
    Path unlocked = beingMade();
    makeOld(unlocked);
    own.clearDeadOnesBeside();
    assertThat(unlocked).doesNotExist();
    Path unnamed = filled(beingMade());
    makeOld(unnamed);
    own.clearDeadOnesBeside();
    assertThat(unnamed).doesNotExist();
  }

  @Test
  void letsOneThatIsBeingMadeBe() throws IOException {
    Path young = beingMade();
    own.clearDeadOnesBeside();
    assertThat(young).exists();
  }

  /** The one who was clearing it. */
  @Test
  void clearsTheLastOfOneWhoseClearingWasKilled() throws IOException {
    Path last = Files.createDirectory(dead());
    own.clearDeadOnesBeside();
    assertThat(last).doesNotExist();
  }

  /** By what clears temporary files of some age. */
  @Test
  void letsOneWhoseLockSomebodyDeletedBe() throws IOException {
    Path living = filled(dead());
    Files.delete(living.resolve("lock"));
    own.clearDeadOnesBeside();
    assertThat(living.resolve("blockmgr/00/shuffle")).exists();
  }

  @Test
  void letsThatOfALivingProcessBe() throws IOException {
    ProcessTempDirectory other = ProcessTempDirectory.makeIn(directory);
    other.clearDeadOnesBeside();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
    other.leave();
  }

  @Test
  void letsThatOfAnotherHostBeAndALink() throws IOException {
    Path dead = dead();
    Path otherHost = filled(directory.resolve(dead.getFileName() + ".example.org"));
    Path target = filled(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(dead, target);
    own.clearDeadOnesBeside();
    assertThat(otherHost.resolve("blockmgr/00/shuffle")).exists();
    assertThat(target.resolve("blockmgr/00/shuffle")).exists();
    assertThat(link).isSymbolicLink();
  }

  @Test
  void letsThatOfAnotherUserBe() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a file away");
    Path others = filled(dead());
    Files.setOwner(
        others,
        others.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    own.clearDeadOnesBeside();
    assertThat(others.resolve("blockmgr/00/shuffle")).exists();
  }
}
