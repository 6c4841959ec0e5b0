package org.sparkvae.storage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkvae.exception.InputDataException;

/**
 * A directory of files and the {@code SHA256SUMS} of them, as {@code sha256sum} writes and checks
 * them: complete or absent.
 */
public final class ChecksummedFiles {
  private static final String SUMS = "SHA256SUMS";

  private ChecksummedFiles() {}

  /**
   * Writes the directory, replacing one that was there at the very end.
   *
   * @param files name to content
   */
  public static void write(Storage parent, String name, Map<String, byte[]> files) {
    parent.writeDirectory(
        name,
        aside -> {
          files.forEach((file, bytes) -> aside.write(file, stream -> stream.write(bytes)));
          aside.writeText(SUMS, sums(files));
        });
  }

  /**
   * Reads a directory.
   *
   * @param names of its files, in the order in which they were written
   * @param damaged hears what is wrong, if anything is
   * @return name to content; empty if something is wrong
   */
  public static Optional<Map<String, byte[]>> read(
      Storage directory, List<String> names, Consumer<String> damaged) {
    if (!directory.has(SUMS) || !names.stream().allMatch(directory::has)) {
      damaged.accept("a file is missing");
      return Optional.empty();
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    try {
      names.forEach(name -> files.put(name, directory.readBytes(name)));
      if (directory.readText(SUMS).equals(sums(files))) {
        return Optional.of(files);
      }
      damaged.accept("its files are not those that were written");
    } catch (InputDataException tooLarge) {
      damaged.accept("a file is larger than any that was written");
    }
    return Optional.empty();
  }

  private static String sums(Map<String, byte[]> files) {
    return files.entrySet().stream()
        .map(each -> "%s  %s\n".formatted(DigestUtils.sha256Hex(each.getValue()), each.getKey()))
        .collect(Collectors.joining());
  }
}
