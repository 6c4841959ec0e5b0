package org.sparkvae.storage;

import java.util.Properties;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.conf.Configuration;
import org.sparkvae.exception.ConfigurationException;

/**
 * Hadoop's settings of this process: those of Hadoop's files on the class path, and those given to
 * Spark as {@code spark.hadoop.KEY=VALUE}, which take precedence.
 */
public final class HadoopSettings {
  private static final String PREFIX = "spark.hadoop.";

  private static Configuration shared;

  private HadoopSettings() {}

  /**
   * Returns the settings. They are parsed only once, because that takes long. Callers must not
   * change them.
   *
   * @throws ConfigurationException if one of Hadoop's files is malformed
   */
  public static synchronized Configuration shared() {
    if (shared == null) {
      // The launcher and spark-submit pass Spark's settings to the driver as system properties.
      shared = of(System.getProperties());
    }
    return shared;
  }

  static Configuration of(Properties properties) {
    Configuration settings = new Configuration();
    try {
      // Hadoop reads its files when the first setting is used.
      settings.size();
    } catch (RuntimeException e) {
      throw new ConfigurationException(
          "HADOOP_CONF_DIR: Hadoop's configuration cannot be read (%s). Correct the file, or unset the variable."
              .formatted(e.getMessage()),
          e);
    }
    properties.stringPropertyNames().stream()
        .filter(name -> name.startsWith(PREFIX) && !name.equals(PREFIX))
        .forEach(
            name ->
                settings.set(StringUtils.removeStart(name, PREFIX), properties.getProperty(name)));
    return settings;
  }
}
