package org.sparkvae.mnist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sparkvae.exception.InputDataException;

/** A folder with the four IDX files of a data set, under any of their usual names. */
record IdxFolder(Path directory) {
  /** The maximum number of files that a message lists. */
  private static final int MAX_LISTED = 12;

  /**
   * Reads the four files completely.
   *
   * @throws InputDataException for the first error found
   */
  IdxSet verify() {
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      throw new InputDataException(
          "--data: %s %s. Choose a folder with the four IDX files of a data set."
              .formatted(
                  directory,
                  Files.exists(directory) ? "is not a readable folder" : "does not exist"));
    }
    return new IdxSet(pair(Split.TRAIN), pair(Split.TEST));
  }

  private IdxPair pair(Split split) {
    return new IdxPair(
        IdxReader.verify(find(split.fileName(IdxKind.IMAGES)), IdxKind.IMAGES),
        IdxReader.verify(find(split.fileName(IdxKind.LABELS)), IdxKind.LABELS));
  }

  private Path find(String name) {
    String dottedName = name.replace("-idx", ".idx");
    return Stream.of(name, name + ".gz", dottedName, dottedName + ".gz")
        .map(directory::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new InputDataException(
                    "--data: %s has no file %s or %s, plain or with .gz. Found %s. Rename or add the missing file."
                        .formatted(directory, name, dottedName, found())));
  }

  /** Returns the names of the first files, for messages. */
  private String found() {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      String first = names.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
      return names.isEmpty()
          ? "no files"
          : names.size() > MAX_LISTED
              ? "%s and %,d more".formatted(first, names.size() - MAX_LISTED)
              : first;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
