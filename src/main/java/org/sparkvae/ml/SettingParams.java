package org.sparkvae.ml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.sparkvae.config.Setting.Section;
import org.sparkvae.config.SettingDeclaration;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.ConfigurationException;

/**
 * The Params of {@link Vae} and {@link VaeModel}. They have the names of the settings in camel case
 * and the same defaults. There is no Param for {@code limit}, because {@code Dataset.limit} does
 * the same.
 */
final class SettingParams {
  private static final List<SettingDeclaration> SETTINGS =
      SettingDeclaration.ALL.stream()
          .filter(setting -> setting.details().section() != Section.DATA)
          .toList();

  private SettingParams() {}

  /** Creates the Params of an owner. */
  static Param<?>[] create(Params owner) {
    return SETTINGS.stream().map(setting -> create(owner, setting)).toArray(Param<?>[]::new);
  }

  private static Param<?> create(Params owner, SettingDeclaration setting) {
    String name = setting.paramName();
    String description = setting.details().description();
    return switch (setting.type().getName()) {
      case "int" -> new IntParam(owner, name, description);
      case "long" -> new LongParam(owner, name, description);
      case "double" -> new DoubleParam(owner, name, description);
      default -> new Param<String>(owner, name, description);
    };
  }

  /** Sets the default values, which are those of the configuration file. */
  static void setDefaults(Params owner) {
    Map<String, Object> defaults = SettingsReader.values(Settings.DEFAULTS);
    for (SettingDeclaration setting : SETTINGS) {
      owner.setDefault(owner.getParam(setting.paramName()), defaults.get(setting.name()));
    }
  }

  /**
   * Returns the values of the Params as settings.
   *
   * @throws IllegalArgumentException if the value of a Param is out of range; the message names the
   *     Param
   */
  static Settings settings(Params owner) {
    Map<SettingDeclaration, Object> values = new LinkedHashMap<>();
    for (SettingDeclaration setting : SETTINGS) {
      values.put(setting, owner.getOrDefault(owner.getParam(setting.paramName())));
    }
    try {
      return new SettingsReader().params(values).settings();
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
