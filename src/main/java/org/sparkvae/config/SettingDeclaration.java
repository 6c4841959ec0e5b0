package org.sparkvae.config;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.lang3.StringUtils;

/**
 * A setting as a component of {@link Settings} declares it. The command line, the configuration
 * file, the environment, the Spark ML Params, the validation and the reference pages derive from
 * it.
 *
 * @param name the name in a configuration file, such as {@code batch-size}
 * @param paramName the name of the component and of the Spark ML Param, such as {@code batchSize}
 * @param type the type of the component
 * @param details the annotation of the component
 */
public record SettingDeclaration(String name, String paramName, Class<?> type, Setting details) {
  /** All settings, in the order of the configuration file. */
  public static final List<SettingDeclaration> ALL =
      Arrays.stream(Settings.class.getRecordComponents()).map(SettingDeclaration::of).toList();

  private static SettingDeclaration of(RecordComponent component) {
    return new SettingDeclaration(
        new KebabCaseStrategy().translate(component.getName()),
        component.getName(),
        component.getType(),
        component.getAnnotation(Setting.class));
  }

  /** Returns the values of the setting's type in words. */
  String expectedType() {
    if (type.isEnum()) {
      return StringUtils.join(type.getEnumConstants(), ", ").replaceFirst(", (?=[^,]*$)", " or ");
    }
    return type == double.class
        ? "a number"
        : "a whole number of at most " + (type == long.class ? Long.MAX_VALUE : Integer.MAX_VALUE);
  }

  /** Returns the valid values in words. */
  String expectedValue() {
    if (type.isEnum()) {
      return expectedType();
    }
    if (details.zeroMeansAll()) {
      return "0 (all) or a positive number";
    }
    String number = type == double.class ? "a number" : "a whole number";
    return range().describe(details.even() ? "an even number" : number);
  }

  /** Returns whether a value of the setting's type is valid. */
  boolean accepts(Object value) {
    return value instanceof Number number
        ? range().contains(number.doubleValue()) && !(details.even() && number.longValue() % 2 != 0)
        : value != null;
  }

  private NumberRange range() {
    return new NumberRange(details.range());
  }
}
