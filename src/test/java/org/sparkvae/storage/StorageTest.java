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
import org.sparkvae.exception.TransientException;

class StorageTest {
  @TempDir Path temporary;

  private Storage storage() {
    return Storage.at(temporary.resolve("root").toString(), new Configuration());
  }

  private Path file(String name) {
    return temporary.resolve("root").resolve(name);
  }

  /** Everything on the disk, hidden or not. */
  private List<String> all() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files
          .filter(each -> !each.equals(temporary) && !each.equals(temporary.resolve("root")))
          .map(each -> temporary.resolve("root").relativize(each).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void openingMakesNothing() throws IOException {
    Storage storage = storage();
    assertThat(storage.names()).isEmpty();
    assertThat(storage.has("a")).isFalse();
    storage.clearLeftovers();
    storage.delete("a");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void createsAFileOnce() throws IOException {
    assertThat(storage().in("a").create("b", "first")).isTrue();
    assertThat(storage().in("a").create("b", "second")).isFalse();
    assertThat(all()).containsExactly("a", "a/b");
    assertThat(file("a/b")).hasContent("first");
  }

  @Test
  void ofManyThatCreateAFileOneSucceeds() throws IOException {
    Storage storage = storage();
    for (int round = 0; round < 100; round++) {
      String name = "file" + round;
      assertThat(
              IntStream.range(0, 8)
                  .parallel()
                  .filter(i -> storage.create(name, "by " + i))
                  .mapToObj(i -> "by " + i))
          .singleElement()
          .isEqualTo(storage.readText(name));
    }
  }

  @Test
  void whatCannotBeCreatedIsAnOutsideFailure() throws IOException {
    storage().writeText("a", "a file");
    assertThatThrownBy(() -> storage().in("a").create("b", ""))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining(file("a/b").toString());
  }

  @Test
  void overwritesAFileWhereItIs() throws IOException {
    storage().writeText("a", "longer");
    Object inode = Files.readAttributes(file("a"), BasicFileAttributes.class).fileKey();
    storage().overwrite("a", "short");
    assertThat(file("a")).hasContent("short");
    assertThat(Files.readAttributes(file("a"), BasicFileAttributes.class).fileKey())
        .isEqualTo(inode);
    assertThat(all()).containsExactly("a");
  }

  @Test
  void writesAFileWithItsDirectoriesAndNothingBeside() throws IOException {
    storage().in("a").in("b").writeText("c.txt", "größer\n");
    assertThat(all()).containsExactly("a", "a/b", "a/b/c.txt");
    assertThat(file("a/b/c.txt")).hasBinaryContent("größer\n".getBytes(StandardCharsets.UTF_8));
    assertThat(storage().in("a").readText("b/c.txt")).isEqualTo("größer\n");
    assertThat(storage().has("a/b/c.txt")).isTrue();
  }

  @Test
  void replacesAFile() throws IOException {
    storage().writeText("a", "a long old content");
    storage().writeText("a", "new");
    assertThat(storage().readText("a")).isEqualTo("new");
    assertThat(all()).containsExactly("a");
  }

  @Test
  void theOldFileIsThereUntilTheNewOneIsWhole() throws IOException {
    storage().writeText("a", "old");
    storage()
        .write(
            "a",
            stream -> {
              stream.write("ne".getBytes(StandardCharsets.UTF_8));
              stream.flush();
              assertThat(file("a")).hasContent("old");
              assertThat(storage().names()).containsExactly("a");
              stream.write("w".getBytes(StandardCharsets.UTF_8));
            });
    assertThat(file("a")).hasContent("new");
  }

  @Test
  void aWriterThatFailsLeavesTheOldFileAndNoLeftover() throws IOException {
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
    assertThat(all()).containsExactly("a");
  }

  @Test
  void aFaultOfTheWriterPassesThroughAndLeavesNothing() throws IOException {
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
    assertThat(all()).isEmpty();
  }

  @Test
  void writesADirectoryAsAWhole() throws IOException {
    storage()
        .writeDirectory(
            "d",
            aside -> {
              aside.writeText("x", "1");
              aside.in("sub").writeText("y", "2");
              assertThat(storage().has("d")).isFalse();
              assertThat(storage().names()).isEmpty();
            });
    assertThat(all()).containsExactly("d", "d/sub", "d/sub/y", "d/x");
  }

  @Test
  void replacesADirectoryAndAllThatWasInIt() throws IOException {
    storage().writeDirectory("d", aside -> aside.in("old").writeText("x", "1"));
    storage()
        .writeDirectory(
            "d",
            aside -> {
              aside.writeText("y", "2");
              assertThat(file("d/old/x")).hasContent("1");
            });
    assertThat(all()).containsExactly("d", "d/y");
  }

  @Test
  void aDirectoryWriterThatFailsLeavesTheOldDirectoryAndNoLeftover() throws IOException {
    storage().writeDirectory("d", aside -> aside.writeText("x", "1"));
    assertThatThrownBy(
            () ->
                storage()
                    .writeDirectory(
                        "d",
                        aside -> {
                          aside.writeText("y", "2");
                          throw new IllegalStateException("fault");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fault");
    assertThat(all()).containsExactly("d", "d/x");
  }

  @Test
  void anEmptyDirectoryIsWrittenToo() {
    storage().writeDirectory("d", aside -> {});
    assertThat(file("d")).isEmptyDirectory();
  }

  @Test
  void clearsLeftoversAndNothingElse() throws IOException {
    storage().writeText("kept", "1");
    storage().writeText("_SUCCESS", "");
    storage().writeText(".hidden", "");
    storage().writeText("writing-kept", "");
    storage().in("d").writeText("x", "1");
    Files.createDirectories(file("_writing-d-0"));
    Files.writeString(file("_writing-d-0/x"), "half", StandardCharsets.UTF_8);
    Files.writeString(file("_writing-model.zip-1"), "half", StandardCharsets.UTF_8);

    storage().clearLeftovers();

    assertThat(all()).containsExactly(".hidden", "_SUCCESS", "d", "d/x", "kept", "writing-kept");
  }

  @Test
  void clearsLeftoversOfAnAge() throws IOException {
    Files.createDirectories(file("_writing-d-0"));
    storage().clearLeftovers(Duration.ofMinutes(1));
    assertThat(all()).containsExactly("_writing-d-0");
    Files.setLastModifiedTime(file("_writing-d-0"), FileTime.from(Instant.now().minusSeconds(120)));
    storage().clearLeftovers(Duration.ofMinutes(1));
    assertThat(all()).isEmpty();
  }

  @Test
  void whatIsBeingWrittenIsWhatClearLeftoversWouldClear() {
    storage()
        .writeDirectory(
            "d",
            aside -> {
              assertThat(all()).singleElement().asString().startsWith("_writing-d");
              storage().clearLeftovers();
              assertThat(all()).isEmpty();
              aside.writeText("x", "1");
            });
    assertThat(file("d/x")).hasContent("1");
  }

  @Test
  void namesAreSortedAndHideWhatBeginsWithUnderscoreOrDot() throws IOException {
    for (String name : List.of("b", "a", "_SUCCESS", ".crc", "c_", "_writing-x-1")) {
      storage().writeText(name, "");
    }
    storage().writeDirectory("ab", aside -> aside.writeText("inside", ""));
    assertThat(storage().names()).containsExactly("a", "ab", "b", "c_");
    assertThat(storage().directories()).containsExactly("ab");
  }

  @Test
  void leavesNoChecksumFiles() throws IOException {
    storage().writeText("a", "1");
    storage().writeText("a", "2");
    storage().writeDirectory("d", aside -> aside.writeText("x", "1"));
    assertThat(all()).noneMatch(name -> name.endsWith(".crc"));
  }

  @Test
  void deletesAFileOrADirectory() throws IOException {
    storage().writeText("a", "1");
    storage().writeDirectory("d", aside -> aside.writeText("x", "1"));
    storage().delete("a");
    storage().delete("d");
    storage().delete("never there");
    assertThat(all()).isEmpty();
  }

  @Test
  void pathsAreFullAsSparkTakesThem() {
    assertThat(storage().path("a")).isEqualTo("file:" + file("a"));
    assertThat(storage().in("a").path("b")).isEqualTo("file:" + file("a/b"));
    assertThat(storage()).hasToString("file:" + temporary.resolve("root"));
    Storage byUri = Storage.at("file://" + temporary.resolve("root"), new Configuration());
    byUri.writeText("u", "1");
    assertThat(file("u")).hasContent("1");
  }

  @Test
  void theConfigurationGivenIsNotChanged() {
    Configuration configuration = new Configuration(false);
    Storage.at(temporary.toString(), configuration);
    assertThat(configuration).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsAnOutsideFailureNamingIt() {
    assertFailsNaming(() -> storage().readText("absent"), file("absent"));
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAnOutsideFailureNamingIt() throws IOException {
    Path blocking = temporary.resolve("file");
    Files.writeString(blocking, "x", StandardCharsets.UTF_8);
    Storage blocked = Storage.at(blocking.resolve("run").toString(), new Configuration());
    assertFailsNaming(() -> blocked.writeText("a", "1"), blocking.resolve("run/a"));
    assertFailsNaming(() -> blocked.writeDirectory("d", aside -> {}), blocking.resolve("run/d"));
    assertThat(blocking).hasContent("x");
  }

  @Test
  void aFailureWhileReadingIsAnOutsideFailureNamingTheFile() {
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
  void readingClosesTheFile() {
    storage().writeText("a", "1");
    InputStream leaked = storage().read("a", source -> source);
    assertThatThrownBy(leaked::read).isInstanceOf(IOException.class);
  }

  @Test
  void anUnknownFileSystemIsAnOutsideFailureNamingIt() {
    assertThatThrownBy(() -> Storage.at("nosuchfs://host/dir", new Configuration()))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("nosuchfs://host/dir");
  }

  private static void assertFailsNaming(ThrowingCallable call, Path file) {
    assertThatThrownBy(call)
        .isInstanceOf(TransientException.class)
        .hasMessageContaining(file.toString());
  }
}
