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
 * A directory of known files, shared by every run of a user. A file appears in it only whole and
 * with the right content, so runs that fill it at the same time do not disturb one another.
 *
 * @param directory created with the first file
 * @param files what it is to hold
 */
record MnistCache(Path directory, List<ExpectedFile> files) {
  private static final Duration PATIENCE = Duration.ofDays(1);

  MnistCache {
    files = List.copyOf(files);
  }

  /**
   * Returns the files that have to be fetched; tells {@code progress} of those that are damaged.
   */
  List<ExpectedFile> missing(Consumer<String> progress) {
    List<ExpectedFile> missing = files.stream().filter(file -> !holds(file)).toList();
    missing.stream()
        .map(file -> directory.resolve(file.name()))
        .filter(Files::exists)
        .forEach(path -> progress.accept(path + " is damaged and is fetched anew"));
    return missing;
  }

  /** Says whether {@code file} is here with the right content. */
  boolean holds(ExpectedFile file) {
    Path path = directory.resolve(file.name());
    try {
      return Files.isRegularFile(path)
          && Files.size(path) == file.bytes()
          && sha256(path).equals(file.sha256());
    } catch (IOException e) {
      // What cannot be read is replaced, as what reads wrong is.
      return false;
    }
  }

  /**
   * Stores what {@code content} gives as {@code file}. Takes no more of it than the file's length
   * and a byte; throws, leaving nothing behind, when it is not the file's content.
   */
  void store(ExpectedFile file, InputStream content) throws IOException {
    Files.createDirectories(directory);
    clearLeftovers(file);
    Path aside = Files.createTempFile(directory, "." + file.name(), ".part");
    aside.toFile().deleteOnExit();
    try {
      try (OutputStream out = Files.newOutputStream(aside)) {
        if (IOUtils.copyLarge(content, out, 0, file.bytes() + 1) > file.bytes()) {
          throw new IOException(
              "%s: expected %d bytes, found more".formatted(file.name(), file.bytes()));
        }
      }
      String found = sha256(aside);
      if (!found.equals(file.sha256())) {
        throw new IOException(
            "%s: expected SHA-256 %s, found %s".formatted(file.name(), file.sha256(), found));
      }
      Files.move(aside, directory.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** What a killed process has left; a younger one may be another's that is being fetched. */
  private void clearLeftovers(ExpectedFile file) throws IOException {
    Instant before = Instant.now().minus(PATIENCE);
    try (DirectoryStream<Path> asides =
        Files.newDirectoryStream(directory, "." + file.name() + "*.part")) {
      for (Path aside : asides) {
        if (Files.getLastModifiedTime(aside).toInstant().isBefore(before)) {
          Files.deleteIfExists(aside);
        }
      }
    }
  }

  private static String sha256(Path path) throws IOException {
    return new DigestUtils(MessageDigestAlgorithms.SHA_256).digestAsHex(path);
  }
}
