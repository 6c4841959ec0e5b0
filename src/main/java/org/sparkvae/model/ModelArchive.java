package org.sparkvae.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
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
 * Deeplearning4j's archive of a network, looked through before Deeplearning4j sees any of it: its
 * configuration names classes that would be made, and its sizes are memory that would be taken.
 *
 * @param configuration JSON with no other words in it than those allowed
 * @param parameters {@code [n]} or {@code [1, n]}
 * @param updaterState the optimiser's, if the archive has it
 */
public record ModelArchive(
    String configuration, INDArray parameters, Optional<INDArray> updaterState) {
  /**
   * Of all that is unpacked, which is in memory up to four times; a model of the largest latent
   * size with Adam's state has 170 MB.
   */
  private static final int MOST_BYTES = 192 << 20;

  /** A tree of it takes far more memory. */
  private static final int MOST_OF_TEXT = 1 << 20;

  private static final Set<String> ENTRIES =
      Set.of(
          ModelSerializer.CONFIGURATION_JSON,
          ModelSerializer.COEFFICIENTS_BIN,
          ModelSerializer.UPDATER_BIN);
  private static final ObjectMapper JSON =
      new ObjectMapper()
          // Of two classes under one name this parser and Deeplearning4j's might take another.
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Reads an archive from memory.
   *
   * @param words that a configuration may have, see {@link #words}
   * @throws InputDataException if it is damaged, or has anything in it that a model has not
   */
  public static ModelArchive read(byte[] archive, Set<String> words) {
    try {
      Map<String, byte[]> entries = unpacked(archive);
      JsonNode configuration = JSON.readTree(entry(entries, ModelSerializer.CONFIGURATION_JSON));
      for (String word : words(configuration)) {
        if (!words.contains(word)) {
          throw new InputDataException(
              "its configuration has '%s' in it".formatted(shortened(word)));
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
      // The second is Java's word for an entry's name that is no text.
      throw new InputDataException("it is no whole model archive", e);
    }
  }

  /** All names and texts of a configuration, those of classes among them. */
  public static Set<String> words(String configuration) {
    try {
      return words(JSON.readTree(configuration));
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON: " + configuration, e);
    }
  }

  /** A configuration without what training adds to it. */
  static JsonNode form(String configuration) {
    try {
      JsonNode form = JSON.readTree(configuration);
      for (JsonNode parent : form.findParents("iterationCount")) {
        ((ObjectNode) parent).remove(List.of("iterationCount", "epochCount", "variables"));
      }
      return form;
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON: " + configuration, e);
    }
  }

  private static Set<String> words(JsonNode node) {
    Set<String> words = new HashSet<>();
    if (node.isTextual()) {
      words.add(node.textValue());
    }
    node.fieldNames().forEachRemaining(words::add);
    node.forEach(each -> words.addAll(words(each)));
    return words;
  }

  private static Map<String, byte[]> unpacked(byte[] archive) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    int left = MOST_BYTES;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        String name = entry.getName();
        if (!ENTRIES.contains(name) || entries.containsKey(name)) {
          throw new InputDataException("it has an entry '%s' too many".formatted(shortened(name)));
        }
        boolean isText = name.equals(ModelSerializer.CONFIGURATION_JSON);
        byte[] content = zip.readNBytes(isText ? MOST_OF_TEXT : left);
        if (zip.read() >= 0) {
          throw new InputDataException(
              isText
                  ? "its %s is larger than %d MiB".formatted(name, MOST_OF_TEXT >> 20)
                  : "it unpacks to more than %d MiB".formatted(MOST_BYTES >> 20));
        }
        entries.put(name, content);
        left -= content.length;
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

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
