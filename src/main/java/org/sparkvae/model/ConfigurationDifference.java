package org.sparkvae.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.commons.lang3.StringUtils;

/** The first difference between the configurations of two models, in words. */
final class ConfigurationDifference {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LAYERS = "vertices";
  private static final int MAX_VALUE_LENGTH = 80;

  /** The properties that training adds to a configuration. */
  private static final String[] TRAINING_STATE = {"iterationCount", "epochCount", "variables"};

  /** The properties that count something. */
  private static final Map<String, String> COUNTS =
      Map.of("nin", "input channels", "nout", "output channels", "inColumns", "input columns");

  private ConfigurationDifference() {}

  /**
   * Returns the first difference, such as "its layer 'mean' has 16 output channels, expected 256",
   * or empty if there is none. Additional and missing layers come first, then the properties of
   * each layer, then everything else. The state of training is ignored.
   *
   * @param foundJson configuration of the model
   * @param expectedJson configuration that the model should have
   * @param ignored names of more properties that are not compared
   */
  static Optional<String> between(String foundJson, String expectedJson, String... ignored) {
    JsonNode found = parse(foundJson, ignored);
    JsonNode expected = parse(expectedJson, ignored);
    List<String> unexpected = names(found.path(LAYERS));
    unexpected.removeAll(names(expected.path(LAYERS)));
    List<String> missing = names(expected.path(LAYERS));
    missing.removeAll(names(found.path(LAYERS)));
    if (!unexpected.isEmpty() || !missing.isEmpty()) {
      return Optional.of(
          unexpected.isEmpty()
              ? "it has no layer '%s'".formatted(String.join("', '", missing))
              : "it has the unexpected layer '%s'".formatted(String.join("', '", unexpected)));
    }
    return first("/" + LAYERS, found.path(LAYERS), expected.path(LAYERS))
        .or(() -> first("", found, expected));
  }

  private static JsonNode parse(String configuration, String... ignored) {
    try {
      JsonNode root = JSON.readTree(configuration);
      for (String name : ArrayUtils.addAll(TRAINING_STATE, ignored)) {
        root.findParents(name).forEach(parent -> ((ObjectNode) parent).remove(name));
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The configuration is not JSON: " + configuration, e);
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Compares objects property by property, and all other values as a whole. */
  private static Optional<String> first(String path, JsonNode found, JsonNode expected) {
    if (found.equals(expected)) {
      return Optional.empty();
    }
    if (!found.isObject() || !expected.isObject()) {
      return Optional.of(text(path, found, expected));
    }
    Set<String> names = new LinkedHashSet<>(names(found));
    names.addAll(names(expected));
    return names.stream()
        .flatMap(name -> first(path + "/" + name, found.path(name), expected.path(name)).stream())
        .findFirst();
  }

  private static String text(String path, JsonNode found, JsonNode expected) {
    String[] names = StringUtils.split(path, '/');
    boolean isInLayer = names[0].equals(LAYERS);
    String property = isInLayer ? names[names.length - 1] : path;
    String count = COUNTS.get(property);
    return "%s has %s, expected %s"
        .formatted(
            isInLayer ? "its layer '%s'".formatted(names[1]) : "its configuration",
            count == null ? property + " " + text(found) : text(found) + " " + count,
            text(expected));
  }

  private static String text(JsonNode value) {
    return value.isMissingNode()
        ? "none"
        : StringUtils.abbreviate(value.toString(), MAX_VALUE_LENGTH);
  }
}
