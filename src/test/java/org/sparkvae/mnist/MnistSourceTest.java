package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;

class MnistSourceTest {
  private final List<ExpectedFile> files = IdxFixture.expectedFiles();
  private final List<String> messages = new ArrayList<>();
  private final List<ExpectedFile> fetched = new ArrayList<>();

  @TempDir Path directory;
  private MnistCache cache;

  @BeforeEach
  void prepare() {
    cache = new MnistCache(directory.resolve("cache"), files);
  }

  private static DownloadSource source(String name, DownloadSource fetch) {
    return new DownloadSource() {
      @Override
      public void fetch(List<ExpectedFile> wanted, MnistCache target) throws IOException {
        fetch.fetch(wanted, target);
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }

  private void fetchAll(List<ExpectedFile> wanted, MnistCache target) throws IOException {
    for (ExpectedFile file : wanted) {
      target.store(file, new ByteArrayInputStream(IdxFixture.content(file.name())));
      fetched.add(file);
    }
  }

  private void fetchOneAndFail(List<ExpectedFile> wanted, MnistCache target) throws IOException {
    fetchAll(wanted.subList(0, 1), target);
    throw new IOException("out of order");
  }

  private IdxSet locate(DownloadSource... sources) {
    return new MnistSource(cache, List.of(sources)).locate(messages::add);
  }

  @Test
  void downloadsNothingIfTheCacheIsComplete() throws IOException {
    Files.createDirectory(cache.directory());
    IdxFixture.writeSet(cache.directory());

    assertThat(locate().count(Split.TRAIN)).isEqualTo(IdxFixture.TRAIN_COUNT);
    assertThat(messages).isEmpty();
  }

  @Test
  void triesSourcesInOrderUntilComplete() {
    IdxSet set =
        locate(
            source("first", this::fetchOneAndFail),
            source("second", this::fetchAll),
            source("third", this::fetchAll));

    assertThat(fetched).containsExactlyElementsOf(files);
    assertThat(set.sha256().values())
        .containsExactlyElementsOf(files.stream().map(ExpectedFile::sha256).toList());
    assertThat(messages)
        .containsExactly(
            "Downloading MNIST from first.",
            "first: out of order.",
            "Downloading MNIST from second.");
  }

  @Test
  void downloadsOnlyTheDamagedFile() throws IOException {
    Files.createDirectory(cache.directory());
    IdxFixture.writeSet(cache.directory());
    Path damaged = cache.directory().resolve(files.get(2).name());
    Files.write(damaged, new byte[10]);

    locate(source("first", this::fetchAll));

    assertThat(fetched).containsExactly(files.get(2));
    assertThat(messages)
        .containsExactly(
            damaged + " is damaged and is downloaded again.", "Downloading MNIST from first.");
    assertThat(damaged).hasBinaryContent(IdxFixture.content(files.get(2).name()));
  }

  @Test
  void reportsEachFailedSourceAndTheAlternative() {
    DownloadSource withoutMessage =
        source(
            "second",
            (wanted, target) -> {
              throw new ConnectException();
            });

    assertThatThrownBy(() -> locate(source("first", this::fetchOneAndFail), withoutMessage))
        .isInstanceOf(TransientException.class)
        .hasMessage(
            "%s: MNIST is not cached and cannot be downloaded (first: out of order; second:"
                + " ConnectException). Retry later, or pass a folder with its IDX files as --data.",
            cache.directory());
  }

  @Test
  void reportsThatTheCacheCannotBeCreated() throws IOException {
    Files.createFile(cache.directory());

    assertThatThrownBy(() -> locate(source("first", this::fetchAll)))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith(cache.directory() + ": the cache cannot be created (");
    assertThat(fetched).isEmpty();
  }

  @Test
  @Timeout(30)
  void supportsTwoRunsFillingTheCache() throws IOException {
    CyclicBarrier bothStarted = new CyclicBarrier(2);
    DownloadSource concurrent =
        source(
            "first",
            (wanted, target) -> {
              try {
                bothStarted.await();
              } catch (InterruptedException | BrokenBarrierException e) {
                throw new IOException(e);
              }
              assertThat(wanted).hasSize(4);
              for (ExpectedFile file : wanted) {
                target.store(file, new ByteArrayInputStream(IdxFixture.content(file.name())));
              }
            });
    MnistSource source = new MnistSource(cache, List.of(concurrent));

    CompletableFuture<IdxSet> other =
        CompletableFuture.supplyAsync(() -> source.locate(message -> {}));
    IdxSet set = source.locate(message -> {});

    assertThat(other.join()).isEqualTo(set);
    assertThat(IdxFixture.namesIn(cache.directory()))
        .containsExactlyInAnyOrderElementsOf(files.stream().map(ExpectedFile::name).toList());
  }

  @Test
  void usesOnlyTheGivenFolder() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    IdxFixture.writeSet(data);

    IdxSet set = MnistSource.locate(Optional.of(data), cache.directory(), messages::add);

    assertThat(set.name()).startsWith("IDX set ");
    assertThat(set.train().images().path()).hasParent(data);
    assertThat(messages).isEmpty();
    assertThat(cache.directory()).doesNotExist();

    Files.delete(data.resolve(files.get(0).name()));
    assertThatThrownBy(
            () -> MnistSource.locate(Optional.of(data), cache.directory(), messages::add))
        .isInstanceOf(InputDataException.class);
    assertThat(cache.directory()).doesNotExist();
    assertThat(IdxFixture.namesIn(data)).hasSize(3);
  }
}
