package org.sparkvae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;

class StorageTest {
  @TempDir Path temporary;

  private Storage storage() {
    return Storage.at(temporary.resolve("root").toString());
  }

  private Path file(String name) {
    return temporary.resolve("root").resolve(name);
  }

  /** Returns all files and directories on the disk, including hidden ones. */
  private List<String> filesOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files
          .filter(path -> !path.equals(temporary) && !path.equals(temporary.resolve("root")))
          .map(path -> temporary.resolve("root").relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void openingCreatesNoFiles() throws IOException {
    Storage storage = storage();
    assertThat(storage.list()).isEmpty();
    assertThat(storage.exists("a")).isFalse();
    storage.deleteTemporaryFiles();
    storage.delete("a");
    assertThat(temporary).isEmptyDirectory();
  }

  /** A group shares a directory by the setgid bit, 02000. */
  @Test
  void directoriesInheritTheSetgidBit() throws IOException {
    Files.createDirectory(file(""));
    Files.setAttribute(file(""), "unix:mode", 02775);
    storage().writeDirectory("d", directory -> directory.writeText("x", "1"));
    assertThat((int) Files.getAttribute(file("d"), "unix:mode") & 07777).isEqualTo(02755);
    assertThat((int) Files.getAttribute(file("d/x"), "unix:mode") & 07777).isEqualTo(0644);
  }

  @Test
  void createsAFileOnlyOnce() throws IOException {
    assertThat(storage().child("a").createIfAbsent("b", "first")).isTrue();
    assertThat(storage().child("a").createIfAbsent("b", "second")).isFalse();
    assertThat(filesOnDisk()).containsExactly("a", "a/b");
    assertThat(file("a/b")).hasContent("first");
  }

  @Test
  void onlyOneOfSeveralConcurrentCreationsSucceeds() throws IOException {
    Storage storage = storage();
    for (int round = 0; round < 100; round++) {
      String name = "file" + round;
      assertThat(
              IntStream.range(0, 8)
                  .parallel()
                  .filter(i -> storage.createIfAbsent(name, "by " + i))
                  .mapToObj(i -> "by " + i))
          .singleElement()
          .isEqualTo(storage.readText(name));
    }
  }

  @Test
  void failureToCreateIsTemporary() throws IOException {
    storage().writeText("a", "a file");
    assertThatThrownBy(() -> storage().child("a").createIfAbsent("b", ""))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining(file("a/b").toString());
  }

  @Test
  void overwritesAFileInPlace() throws IOException {
    storage().writeText("a", "longer");
    Object inode = Files.readAttributes(file("a"), BasicFileAttributes.class).fileKey();
    storage().overwrite("a", "short");
    assertThat(file("a")).hasContent("short");
    assertThat(Files.readAttributes(file("a"), BasicFileAttributes.class).fileKey())
        .isEqualTo(inode);
    assertThat(filesOnDisk()).containsExactly("a");
  }

  @Test
  void writesAFileAndItsParentDirectoriesOnly() throws IOException {
    storage().child("a").child("b").writeText("c.txt", "größer\n");
    assertThat(filesOnDisk()).containsExactly("a", "a/b", "a/b/c.txt");
    assertThat(file("a/b/c.txt")).hasBinaryContent("größer\n".getBytes(StandardCharsets.UTF_8));
    assertThat(storage().child("a").readText("b/c.txt")).isEqualTo("größer\n");
    assertThat(storage().exists("a/b/c.txt")).isTrue();
  }

  @Test
  void replacesAFile() throws IOException {
    storage().writeText("a", "a long old content");
    storage().writeText("a", "new");
    assertThat(storage().readText("a")).isEqualTo("new");
    assertThat(filesOnDisk()).containsExactly("a");
  }

  @Test
  void oldFileExistsUntilTheNewOneIsComplete() throws IOException {
    storage().writeText("a", "old");
    storage()
        .write(
            "a",
            stream -> {
              stream.write("ne".getBytes(StandardCharsets.UTF_8));
              stream.flush();
              assertThat(file("a")).hasContent("old");
              assertThat(storage().list()).containsExactly("a");
              stream.write("w".getBytes(StandardCharsets.UTF_8));
            });
    assertThat(file("a")).hasContent("new");
  }

  @Test
  void failedWriteKeepsTheOldFileAndLeavesNoTemporaryFile() throws IOException {
    storage().writeText("a", "old");
    assertThatThrownBy(
            () ->
                storage()
                    .write(
                        "a",
                        stream -> {
                          stream.write(new byte[100_000]);
                          throw new IOException("disk full");
                        }))
        .isInstanceOf(TransientException.class)
        .hasMessageContainingAll(file("a").toString(), "disk full");
    assertThat(storage().readText("a")).isEqualTo("old");
    assertThat(filesOnDisk()).containsExactly("a");
  }

  @Test
  void rethrowsExceptionsOfTheWriterAndLeavesNoFile() throws IOException {
    IllegalStateException fault = new IllegalStateException("fault");
    assertThatThrownBy(
            () ->
                storage()
                    .write(
                        "a",
                        stream -> {
                          stream.write(1);
                          throw fault;
                        }))
        .isSameAs(fault);
    assertThat(filesOnDisk()).isEmpty();
  }

  @Test
  void writesADirectoryAtomically() throws IOException {
    storage()
        .writeDirectory(
            "d",
            directory -> {
              directory.writeText("x", "1");
              directory.child("sub").writeText("y", "2");
              assertThat(storage().exists("d")).isFalse();
              assertThat(storage().list()).isEmpty();
            });
    assertThat(filesOnDisk()).containsExactly("d", "d/sub", "d/sub/y", "d/x");
  }

  @Test
  void replacesADirectoryAndItsContent() throws IOException {
    storage().writeDirectory("d", directory -> directory.child("old").writeText("x", "1"));
    storage()
        .writeDirectory(
            "d",
            directory -> {
              directory.writeText("y", "2");
              assertThat(file("d/old/x")).hasContent("1");
            });
    assertThat(filesOnDisk()).containsExactly("d", "d/y");
  }

  @Test
  void failedDirectoryWriteKeepsTheOldDirectoryAndLeavesNoTemporaryFile() throws IOException {
    storage().writeDirectory("d", directory -> directory.writeText("x", "1"));
    assertThatThrownBy(
            () ->
                storage()
                    .writeDirectory(
                        "d",
                        directory -> {
                          directory.writeText("y", "2");
                          throw new IllegalStateException("fault");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fault");
    assertThat(filesOnDisk()).containsExactly("d", "d/x");
  }

  @Test
  void writesAnEmptyDirectory() {
    storage().writeDirectory("d", directory -> {});
    assertThat(file("d")).isEmptyDirectory();
  }

  @Test
  void deletesOnlyTemporaryFiles() throws IOException {
    storage().writeText("kept", "1");
    storage().writeText("_SUCCESS", "");
    storage().writeText(".hidden", "");
    storage().writeText("writing-kept", "");
    storage().child("d").writeText("x", "1");
    Files.createDirectories(file("_writing-d-0"));
    Files.writeString(file("_writing-d-0/x"), "half", StandardCharsets.UTF_8);
    Files.writeString(file("_writing-model.zip-1"), "half", StandardCharsets.UTF_8);

    storage().deleteTemporaryFiles();

    assertThat(filesOnDisk())
        .containsExactly(".hidden", "_SUCCESS", "d", "d/x", "kept", "writing-kept");
  }

  @Test
  void deletesOnlyTemporaryFilesOfAMinimumAge() throws IOException {
    Files.createDirectories(file("_writing-d-0"));
    storage().deleteTemporaryFiles(Duration.ofMinutes(1));
    assertThat(filesOnDisk()).containsExactly("_writing-d-0");
    Files.setLastModifiedTime(file("_writing-d-0"), FileTime.from(Instant.now().minusSeconds(120)));
    storage().deleteTemporaryFiles(Duration.ofMinutes(1));
    assertThat(filesOnDisk()).isEmpty();
  }

  @Test
  void deletesFilesThatAreStillBeingWritten() {
    storage()
        .writeDirectory(
            "d",
            directory -> {
              assertThat(filesOnDisk()).singleElement().asString().startsWith("_writing-d");
              storage().deleteTemporaryFiles();
              assertThat(filesOnDisk()).isEmpty();
              directory.writeText("x", "1");
            });
    assertThat(file("d/x")).hasContent("1");
  }

  @Test
  void listIsSortedAndOmitsHiddenNames() throws IOException {
    for (String name : List.of("b", "a", "_SUCCESS", ".crc", "c_", "_writing-x-1")) {
      storage().writeText(name, "");
    }
    storage().writeDirectory("ab", directory -> directory.writeText("inside", ""));
    assertThat(storage().list()).containsExactly("a", "ab", "b", "c_");
    assertThat(storage().listDirectories()).containsExactly("ab");
  }

  @Test
  void leavesNoChecksumFiles() throws IOException {
    storage().writeText("a", "1");
    storage().writeText("a", "2");
    storage().writeDirectory("d", directory -> directory.writeText("x", "1"));
    assertThat(filesOnDisk()).noneMatch(name -> name.endsWith(".crc"));
  }

  /** Temporary names contain the name, and would be longer than file systems allow. */
  @ParameterizedTest
  @MethodSource("longNames")
  void supportsNamesOf255Bytes(String name) throws IOException {
    storage().writeText(name, "1");
    storage().writeText(name, "2");
    assertThat(storage().readText(name)).isEqualTo("2");
    storage().delete(name);
    storage().writeDirectory(name, directory -> directory.writeText("x", "1"));
    storage().writeDirectory(name, directory -> directory.writeText(name, "2"));
    assertThat(filesOnDisk()).containsExactly(name, name + "/" + name);
    storage().deleteDirectory(name);
    assertThat(filesOnDisk()).isEmpty();
  }

  static Stream<String> longNames() {
    return Stream.of(
        "a".repeat(209),
        "a".repeat(210),
        "compare-%s.html".formatted("a".repeat(242)),
        "ä".repeat(127),
        "漢".repeat(85),
        "😀".repeat(63));
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 300, 5000})
  void rejectsNamesThatTheFileSystemDoesNotSupport(int length) throws IOException {
    String name = "a".repeat(length);
    List<ThrowingCallable> writes =
        List.of(
            () -> storage().writeText(name, "1"),
            () -> storage().createIfAbsent(name, "1"),
            () -> storage().writeDirectory(name, directory -> {}),
            () -> storage().child(name).writeText("x", "1"),
            () -> storage().child(name).createIfAbsent("x", "1"));
    for (ThrowingCallable write : writes) {
      assertThatThrownBy(write)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(
              ": the name is too long for the file system. Use a shorter directory name or --run-id.");
    }
    assertThat(filesOnDisk()).isEmpty();
  }

  @Test
  void deletesAFileOrDirectory() throws IOException {
    storage().writeText("a", "1");
    storage().writeDirectory("d", directory -> directory.writeText("x", "1"));
    storage().delete("a");
    storage().delete("d");
    storage().delete("absent");
    assertThat(filesOnDisk()).isEmpty();
  }

  @Test
  void pathsAreAbsolute() {
    assertThat(storage().path("a")).isEqualTo("file:" + file("a"));
    assertThat(storage().child("a").path("b")).isEqualTo("file:" + file("a/b"));
    assertThat(storage()).hasToString("file:" + temporary.resolve("root"));
    Storage byUri = Storage.at("file://" + temporary.resolve("root"));
    byUri.writeText("u", "1");
    assertThat(file("u")).hasContent("1");
  }

  @Test
  void doesNotChangeTheConfiguration() {
    Configuration configuration = new Configuration(false);
    Storage.at(temporary.toString(), configuration);
    assertThat(configuration).isEmpty();
  }

  @Test
  void missingFileIsATemporaryFailureThatNamesIt() {
    assertFailsNaming(() -> storage().readText("absent"), file("absent"));
  }

  @Test
  void unwritableDirectoryIsATemporaryFailureThatNamesIt() throws IOException {
    Path blocking = temporary.resolve("file");
    Files.writeString(blocking, "x", StandardCharsets.UTF_8);
    Storage blocked = Storage.at(blocking.resolve("run").toString());
    assertFailsNaming(() -> blocked.writeText("a", "1"), blocking.resolve("run/a"));
    assertFailsNaming(
        () -> blocked.writeDirectory("d", directory -> {}), blocking.resolve("run/d"));
    assertThat(blocking).hasContent("x");
  }

  @Test
  void failureWhileReadingIsATemporaryFailureThatNamesTheFile() {
    storage().writeText("a", "1");
    assertFailsNaming(
        () ->
            storage()
                .read(
                    "a",
                    source -> {
                      throw new IOException("network gone");
                    }),
        file("a"));
  }

  @Test
  void closesTheFileAfterReading() {
    storage().writeText("a", "1");
    InputStream leaked = storage().read("a", source -> source);
    assertThatThrownBy(leaked::read).isInstanceOf(IOException.class);
  }

  private static void assertFailsNaming(ThrowingCallable call, Path file) {
    assertThatThrownBy(call)
        .isInstanceOf(TransientException.class)
        .hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "/a\tb", "a\u007f", "file:/a\u0085b", "a\0"})
  void rejectsControlCharacters(String path) {
    assertThatThrownBy(() -> Storage.at(path))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("control character");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a[1]", "{a,b}", "a*?", "a\\b", "%41", " a ", "a:b", "-a", "#", "ü"})
  void acceptsAnyOtherCharacter(String name) throws IOException {
    Storage storage = Storage.at(temporary.resolve(name).toString());
    storage.child("x").writeText("y", "text");
    assertThat(Storage.at(storage.path("x")).list()).containsExactly("y");
    assertThat(Storage.at(storage.path("x")).readText("y")).isEqualTo("text");
    assertThat(temporary.resolve(name).resolve("x/y")).hasContent("text");
  }

  @Test
  void deletesADirectoryOnlyIfItIsEmpty() throws IOException {
    storage().deleteIfEmpty();
    storage().writeText("a", "");
    storage().deleteIfEmpty();
    assertThat(filesOnDisk()).containsExactly("a");
    storage().delete("a");
    storage().deleteIfEmpty();
    assertThat(temporary).isEmptyDirectory();
  }
}
