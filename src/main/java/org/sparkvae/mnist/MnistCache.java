package org.sparkvae.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;
import org.apache.commons.io.IOUtils;

/**
 * A cache directory shared by all runs of a user. A file appears in it only when it is complete and
 * correct, so several runs can fill it at the same time.
 *
 * @param directory the cache directory, created with the first file
 * @param files the files that a complete cache contains
 */
record MnistCache(Path directory, List<ExpectedFile> files) {
  private static final Duration STALE_AFTER = Duration.ofDays(1);

  MnistCache {
    files = List.copyOf(files);
  }

  /** Returns the missing and the damaged files. Reports each damaged file to {@code progress}. */
  List<ExpectedFile> missingFiles(Consumer<String> progress) {
    List<ExpectedFile> missing = files.stream().filter(file -> !contains(file)).toList();
    missing.stream()
        .map(file -> directory.resolve(file.name()))
        .filter(Files::exists)
        .forEach(path -> progress.accept(path + " is damaged and is downloaded again."));
    return missing;
  }

  /** Returns whether {@code file} is in the cache with the right content. */
  boolean contains(ExpectedFile file) {
    Path path = directory.resolve(file.name());
    try {
      return Files.isRegularFile(path)
          && Files.size(path) == file.bytes()
          && sha256(path).equals(file.sha256());
    } catch (IOException e) {
      // An unreadable file is downloaded again, like a damaged one.
      return false;
    }
  }

  /**
   * Stores {@code content} as {@code file}. Reads at most one byte more than the length of the
   * file.
   *
   * @throws IOException if the content is not that of the file; nothing is left behind then
   */
  void store(ExpectedFile file, InputStream content) throws IOException {
    Files.createDirectories(directory);
    deleteStaleTemporaryFiles(file);
    Path temporary = Files.createTempFile(directory, "." + file.name(), ".part");
    temporary.toFile().deleteOnExit();
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        if (IOUtils.copyLarge(content, out, 0, file.bytes() + 1) > file.bytes()) {
          throw new IOException(
              "%s: expected %d bytes, found more".formatted(file.name(), file.bytes()));
        }
      }
      String found = sha256(temporary);
      if (!found.equals(file.sha256())) {
        throw new IOException(
            "%s: expected SHA-256 %s, found %s".formatted(file.name(), file.sha256(), found));
      }
      Files.move(temporary, directory.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Deletes the leftover temporary files of killed processes. Another process may still be writing
   * a younger one.
   */
  private void deleteStaleTemporaryFiles(ExpectedFile file) throws IOException {
    Instant threshold = Instant.now().minus(STALE_AFTER);
    try (DirectoryStream<Path> temporaryFiles =
        Files.newDirectoryStream(directory, "." + file.name() + "*.part")) {
      for (Path temporary : temporaryFiles) {
        // The time is 0 if another process has just renamed the file.
        if (temporary.toFile().lastModified() < threshold.toEpochMilli()) {
          Files.deleteIfExists(temporary);
        }
      }
    }
  }

  private static String sha256(Path path) throws IOException {
    return new DigestUtils(MessageDigestAlgorithms.SHA_256).digestAsHex(path);
  }
}
