package org.sparkvae.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.exception.InputDataException;

/**
 * The validated contents of Deeplearning4j's archive of a network. Validation comes before any use
 * by Deeplearning4j, which would instantiate the classes that the configuration names and allocate
 * the memory that the headers declare.
 *
 * @param configuration JSON whose property names and text values are all allowed
 * @param parameters parameter vector, {@code [n]} or {@code [1, n]}
 * @param updaterState state of the optimizer, if the archive contains it
 */
public record ModelArchive(
    String configuration, INDArray parameters, Optional<INDArray> updaterState) {
  /**
   * The maximum total unpacked size. Up to four copies are in memory at once. The largest model
   * with Adam's state has 170 MB.
   */
  private static final int MAX_UNPACKED_BYTES = 192 << 20;

  /** Limit on the size of the configuration. Its JSON tree takes far more memory than its text. */
  private static final int MAX_CONFIGURATION_BYTES = 1 << 20;

  private static final Set<String> ENTRIES =
      Set.of(
          ModelSerializer.CONFIGURATION_JSON,
          ModelSerializer.COEFFICIENTS_BIN,
          ModelSerializer.UPDATER_BIN);
  private static final ObjectMapper JSON =
      new ObjectMapper()
          // This parser and Deeplearning4j's could choose different values for a duplicate name.
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Reads an archive from memory.
   *
   * @param allowedStrings every string that the configuration can contain, see {@link #strings}
   * @throws InputDataException if the archive is damaged or contains anything that is not allowed.
   *     The message states the reason; the caller adds the file.
   */
  public static ModelArchive read(byte[] archive, Set<String> allowedStrings) {
    try {
      Map<String, byte[]> entries = unpack(archive);
      JsonNode configuration = JSON.readTree(entry(entries, ModelSerializer.CONFIGURATION_JSON));
      for (String string : strings(configuration)) {
        if (!allowedStrings.contains(string)) {
          throw new InputDataException(
              "its configuration contains the unexpected name '%s'".formatted(truncate(string)));
        }
      }
      byte[] updaterState = entries.get(ModelSerializer.UPDATER_BIN);
      return new ModelArchive(
          configuration.toString(),
          Nd4jVectorReader.read(entry(entries, ModelSerializer.COEFFICIENTS_BIN)),
          updaterState == null
              ? Optional.empty()
              : Optional.of(Nd4jVectorReader.read(updaterState)));
    } catch (IOException | IllegalArgumentException e) {
      // Java throws IllegalArgumentException if the name of an entry is not valid UTF-8.
      throw new InputDataException("it is not a complete model archive", e);
    }
  }

  /** Returns all property names and text values of a JSON configuration, including class names. */
  public static Set<String> strings(String configuration) {
    try {
      return strings(JSON.readTree(configuration));
    } catch (IOException e) {
      throw new IllegalArgumentException("The configuration is not JSON: " + configuration, e);
    }
  }

  private static Set<String> strings(JsonNode node) {
    Set<String> strings = new HashSet<>();
    if (node.isTextual()) {
      strings.add(node.textValue());
    }
    node.fieldNames().forEachRemaining(strings::add);
    node.forEach(child -> strings.addAll(strings(child)));
    return strings;
  }

  private static Map<String, byte[]> unpack(byte[] archive) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    int remaining = MAX_UNPACKED_BYTES;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        String name = entry.getName();
        if (!ENTRIES.contains(name) || entries.containsKey(name)) {
          throw new InputDataException(
              "it contains the unexpected entry '%s'".formatted(truncate(name)));
        }
        boolean isText = name.equals(ModelSerializer.CONFIGURATION_JSON);
        byte[] content = zip.readNBytes(isText ? MAX_CONFIGURATION_BYTES : remaining);
        if (zip.read() >= 0) {
          throw new InputDataException(
              isText
                  ? "its %s is larger than %d MiB".formatted(name, MAX_CONFIGURATION_BYTES >> 20)
                  : "it unpacks to more than %d MiB".formatted(MAX_UNPACKED_BYTES >> 20));
        }
        entries.put(name, content);
        remaining -= content.length;
      }
    }
    return entries;
  }

  private static byte[] entry(Map<String, byte[]> entries, String name) {
    if (!entries.containsKey(name)) {
      throw new InputDataException("it has no " + name);
    }
    return entries.get(name);
  }

  private static String truncate(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
