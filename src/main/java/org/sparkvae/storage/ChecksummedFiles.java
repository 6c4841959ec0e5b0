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
 * A directory of files with a {@code SHA256SUMS} file in the format of the {@code sha256sum} tool.
 * The directory is written atomically.
 */
public final class ChecksummedFiles {
  private static final String CHECKSUM_FILE = "SHA256SUMS";

  private ChecksummedFiles() {}

  /**
   * Writes the directory atomically and replaces an existing one.
   *
   * @param files the content of each file by name
   */
  public static void write(Storage parent, String name, Map<String, byte[]> files) {
    parent.writeDirectory(
        name,
        directory -> {
          files.forEach((file, bytes) -> directory.write(file, stream -> stream.write(bytes)));
          directory.writeText(CHECKSUM_FILE, checksums(files));
        });
  }

  /**
   * Reads a directory and checks its files.
   *
   * @param names the file names, in the order in which they were written
   * @param onDamage called with a description if a file is missing or changed
   * @return the content of each file by name; empty if a file is missing or changed
   */
  public static Optional<Map<String, byte[]>> read(
      Storage directory, List<String> names, Consumer<String> onDamage) {
    if (!directory.exists(CHECKSUM_FILE) || !names.stream().allMatch(directory::exists)) {
      onDamage.accept("a file is missing");
      return Optional.empty();
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    try {
      names.forEach(name -> files.put(name, directory.readBytes(name)));
      if (directory.readText(CHECKSUM_FILE).equals(checksums(files))) {
        return Optional.of(files);
      }
      onDamage.accept("its files are not those that were written");
    } catch (InputDataException tooLarge) {
      onDamage.accept("a file is larger than any that was written");
    }
    return Optional.empty();
  }

  private static String checksums(Map<String, byte[]> files) {
    return files.entrySet().stream()
        .map(file -> "%s  %s\n".formatted(DigestUtils.sha256Hex(file.getValue()), file.getKey()))
        .collect(Collectors.joining());
  }
}
