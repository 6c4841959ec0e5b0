package org.sparkvae.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.io.function.Uncheck;
import org.sparkvae.exception.ConfigurationException;

/**
 * A reader of {@link Settings} from layers: the defaults, configuration files (YAML), the
 * environment, the command line. Each layer overrides those added before it.
 */
public final class SettingsReader {
  static final String ENVIRONMENT_PREFIX = "SPARKVAE_";

  /**
   * The variables that Kubernetes services and Docker links set, if they are named {@code sparkvae}
   * or have a name that begins with it.
   */
  private static final Pattern SERVICE_VARIABLE =
      Pattern.compile(
          "SPARKVAE_(\\w+_)?(NAME|ENV_\\w+|SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .build();
  private static final TypeReference<LinkedHashMap<String, Object>> KEYS_AND_VALUES =
      new TypeReference<>() {};

  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, String> namesInMessages = new HashMap<>();

  /** Creates a reader of the defaults. */
  public SettingsReader() {
    SettingDeclaration.ALL.forEach(
        setting -> values.put(setting.name(), setting.details().defaultValue()));
  }

  /**
   * Adds a configuration file.
   *
   * @param name name of the file in messages
   * @throws ConfigurationException if the text is not a YAML mapping, or a key is unknown
   */
  public SettingsReader file(String name, String yaml) {
    Map<String, Object> layer;
    try {
      layer = YAML.readTree(yaml).isMissingNode() ? null : YAML.readValue(yaml, KEYS_AND_VALUES);
    } catch (JsonProcessingException e) {
      throw new ConfigurationException(
          "%s%s: expected a YAML mapping of settings to values, such as 'epochs: 10'."
              .formatted(
                  name, e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr()),
          e);
    }
    if (layer != null) {
      layer.forEach((key, value) -> add(name, name + ", " + key, key, value));
    }
    return this;
  }

  /**
   * Adds the environment variables that begin with {@code SPARKVAE_}, except for those that
   * Kubernetes or Docker set for a service of that name.
   *
   * @throws ConfigurationException if such a variable names no setting
   */
  public SettingsReader environment(Map<String, String> variables) {
    variables.forEach(
        (variable, value) -> {
          if (variable.startsWith(ENVIRONMENT_PREFIX)
              && !SERVICE_VARIABLE.matcher(variable).matches()) {
            String key =
                variable
                    .substring(ENVIRONMENT_PREFIX.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
            String source = "environment variable " + variable;
            add(source, source, key, value);
          }
        });
    return this;
  }

  /** Adds the options that the command line has, by their names without dashes. */
  public SettingsReader options(Map<String, Object> options) {
    options.forEach((key, value) -> add("--" + key, "--" + key, key, value));
    return this;
  }

  /** Adds the values of Spark ML Params. Messages contain the names of the Params. */
  public SettingsReader params(Map<SettingDeclaration, Object> params) {
    params.forEach(
        (setting, value) -> add(setting.paramName(), setting.paramName(), setting.name(), value));
    return this;
  }

  /**
   * Returns the settings that result from all layers.
   *
   * @throws ConfigurationException if a value has the wrong type or is out of range
   */
  public Settings settings() {
    for (SettingDeclaration setting : SettingDeclaration.ALL) {
      Object value = values.get(setting.name());
      try {
        value = YAML.convertValue(value, setting.type());
      } catch (IllegalArgumentException e) {
        throw invalid(setting, setting.expectedType(), value, e);
      }
      if (!setting.accepts(value)) {
        throw invalid(setting, setting.expectedValue(), value, null);
      }
    }
    return YAML.convertValue(values, Settings.class);
  }

  /** Returns settings as the text of a configuration file. */
  public static String yaml(Settings settings) {
    return Uncheck.get(() -> YAML.writeValueAsString(settings));
  }

  /** Returns the values of settings by name. */
  public static Map<String, Object> values(Settings settings) {
    return YAML.convertValue(settings, KEYS_AND_VALUES);
  }

  /**
   * Adds a value.
   *
   * @param layer name of the layer in messages
   * @param setting name of the setting in messages, with its layer
   */
  private void add(String layer, String setting, String key, Object value) {
    if (!values.containsKey(key)) {
      throw new ConfigurationException(
          "%s: unknown setting '%s'. Did you mean '%s'?"
              .formatted(layer, key, NameSuggestion.nearest(key, values.keySet())));
    }
    values.put(key, value);
    namesInMessages.put(key, setting);
  }

  private ConfigurationException invalid(
      SettingDeclaration setting, String expected, Object found, Exception cause) {
    return new ConfigurationException(
        "%s: expected %s, found %s."
            .formatted(
                namesInMessages.getOrDefault(setting.name(), setting.name()), expected, found),
        cause);
  }
}
