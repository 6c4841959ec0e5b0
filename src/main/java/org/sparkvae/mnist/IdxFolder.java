package org.sparkvae.mnist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.sparkvae.exception.InputDataException;

/** A folder that is to hold the four files of a set under any of the names in use for them. */
record IdxFolder(Path directory) {

  /**
   * Reads the four files to their ends; throws an {@link InputDataException} on the first fault.
   */
  IdxSet verify() {
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      throw new InputDataException(
          "%s: expected a readable folder with the four IDX files of a set, found %s"
              .formatted(directory, Files.exists(directory) ? "something else" : "nothing"));
    }
    return new IdxSet(pair(Split.TRAIN), pair(Split.TEST));
  }

  private IdxPair pair(Split split) {
    return new IdxPair(
        IdxReader.verify(find(split.fileName(IdxKind.IMAGES)), IdxKind.IMAGES),
        IdxReader.verify(find(split.fileName(IdxKind.LABELS)), IdxKind.LABELS));
  }

  private Path find(String name) {
    String dotted = name.replace("-idx", ".idx");
    return Stream.of(name, name + ".gz", dotted, dotted + ".gz")
        .map(directory::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new InputDataException(
                    "%s: expected a file %s or %s, plain or with .gz, found none"
                        .formatted(directory, name, dotted)));
  }
}
