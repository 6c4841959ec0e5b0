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

/** Tests with simulated directories of other processes. {@code TemporaryFilesIT} uses real ones. */
class ProcessTempDirectoryTest {
  private static final String OWN_PREFIX =
      "spark-vae-process-" + ProcessHandle.current().pid() + "-";

  @TempDir Path directory;

  private ProcessTempDirectory own;

  @BeforeEach
  void create() throws IOException {
    own = ProcessTempDirectory.createIn(directory);
  }

  @AfterEach
  void delete() {
    own.delete();
  }

  private Path ownPath() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.getFileName().toString().contains("-process-"))
          .findAny()
          .orElseThrow();
    }
  }

  /** Returns the path of a process that cannot exist, because its ID is out of range. */
  private Path deadPath() throws IOException {
    return directory.resolve(
        ownPath().getFileName().toString().replace(OWN_PREFIX, "spark-vae-process-99999999-"));
  }

  private static Path withFiles(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("blockmgr/00"));
    Files.writeString(directory.resolve("blockmgr/00/shuffle"), "data");
    Files.createFile(directory.resolve("lock"));
    return directory;
  }

  @Test
  void isPrivateAndDeletedWithTheProcess() throws IOException {
    Path path = ownPath();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    withFiles(path.resolve("more"));
    own.delete();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void deletesTheDirectoryOfADeadProcess() throws IOException {
    Path dead = withFiles(deadPath());
    own.deleteAbandonedSiblings();
    assertThat(dead).doesNotExist();
    assertThat(ownPath()).exists();
  }

  private Path hiddenDirectory() throws IOException {
    return Files.createDirectory(directory.resolve("." + deadPath().getFileName()));
  }

  private static void makeOld(Path directory) throws IOException {
    Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minusSeconds(120)));
  }

  @Test
  void deletesDirectoriesOfProcessesKilledWhileCreatingThem() throws IOException {
    Path withoutLock = hiddenDirectory();
    makeOld(withoutLock);
    own.deleteAbandonedSiblings();
    assertThat(withoutLock).doesNotExist();
    Path withLock = withFiles(hiddenDirectory());
    makeOld(withLock);
    own.deleteAbandonedSiblings();
    assertThat(withLock).doesNotExist();
  }

  @Test
  void keepsADirectoryThatIsBeingCreated() throws IOException {
    Path young = hiddenDirectory();
    own.deleteAbandonedSiblings();
    assertThat(young).exists();
  }

  @Test
  void deletesTheEmptyDirectoryThatAnInterruptedDeletionLeft() throws IOException {
    Path empty = Files.createDirectory(deadPath());
    own.deleteAbandonedSiblings();
    assertThat(empty).doesNotExist();
  }

  /** A cleaner of old temporary files can have deleted the lock file of a live process. */
  @Test
  void keepsADirectoryWithFilesButWithoutLockFile() throws IOException {
    Path live = withFiles(deadPath());
    Files.delete(live.resolve("lock"));
    own.deleteAbandonedSiblings();
    assertThat(live.resolve("blockmgr/00/shuffle")).exists();
  }

  @Test
  void keepsTheDirectoryOfALiveProcess() throws IOException {
    ProcessTempDirectory other = ProcessTempDirectory.createIn(directory);
    other.deleteAbandonedSiblings();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
    other.delete();
  }

  @Test
  void keepsADirectoryOfAnotherHostAndASymbolicLink() throws IOException {
    Path dead = deadPath();
    Path otherHost = withFiles(directory.resolve(dead.getFileName() + ".example.org"));
    Path target = withFiles(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(dead, target);
    own.deleteAbandonedSiblings();
    assertThat(otherHost.resolve("blockmgr/00/shuffle")).exists();
    assertThat(target.resolve("blockmgr/00/shuffle")).exists();
    assertThat(link).isSymbolicLink();
  }

  @Test
  void keepsADirectoryOfAnotherUser() throws IOException {
    assumeTrue(
        System.getProperty("user.name").equals("root"), "only root can change the owner of a file");
    Path otherUser = withFiles(deadPath());
    Files.setOwner(
        otherUser,
        otherUser.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    own.deleteAbandonedSiblings();
    assertThat(otherUser.resolve("blockmgr/00/shuffle")).exists();
  }
}
