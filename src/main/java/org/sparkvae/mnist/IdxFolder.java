package org.sparkvae.mnist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.sparkvae.exception.InputDataException;

/** A folder with the four IDX files of a data set, under any of their usual names. */
record IdxFolder(Path directory) {

  /**
   * Reads the four files completely.
   *
   * @throws InputDataException for the first error found
   */
  IdxSet verify() {
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      throw new InputDataException(
          "%s: %s. Choose a folder with the four IDX files of a data set."
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
                    "%s: expected a file %s or %s, plain or with .gz, found none. Add the missing file."
                        .formatted(directory, name, dottedName)));
  }
}
