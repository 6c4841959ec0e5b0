package org.sparkvae.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sparkvae.exception.ConfigurationException;

/** The file that {@code --config} names. */
final class SettingsFile {
  private static final int MAX_BYTES = 1 << 20;

  private SettingsFile() {}

  /**
   * Returns the text of a local file, or of a file under {@code conf/} that the jar contains.
   *
   * @throws ConfigurationException if there is no such file, or it is unreadable or too large
   */
  static String read(String file) {
    try (InputStream stream =
        Files.exists(Path.of(file))
            ? Files.newInputStream(Path.of(file))
            : SettingsFile.class.getResourceAsStream("/" + file)) {
      if (stream != null) {
        return text(file, stream.readNBytes(MAX_BYTES + 1));
      }
    } catch (IOException e) {
      throw new ConfigurationException(
          "--config: %s cannot be read (%s). Choose a readable YAML file."
              .formatted(file, e.getMessage()),
          e);
    }
    throw new ConfigurationException(
        "--config: %s does not exist. Choose an existing file, such as conf/quickstart.yaml, conf/model1.yaml or conf/model2.yaml."
            .formatted(file));
  }

  private static String text(String file, byte[] content) {
    if (content.length > MAX_BYTES) {
      throw new ConfigurationException(
          "--config: %s is larger than %d KiB. Choose a YAML file of settings."
              .formatted(file, MAX_BYTES >> 10));
    }
    return new String(content, StandardCharsets.UTF_8);
  }
}
