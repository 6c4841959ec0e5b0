package org.sparkvae.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * The explanation of a metric, read from {@code metrics.properties}.
 *
 * @param better the direction in which the metric improves
 * @param description the definition, the unit and values for comparison
 */
public record MetricInfo(Better better, String description) {
  private static final Properties DESCRIPTIONS = load();

  /** The direction in which a metric improves. */
  public enum Better {
    LOWER,
    HIGHER,
    /** Neither lower nor higher values are better in themselves. */
    NEITHER
  }

  /**
   * Returns the explanation of a metric.
   *
   * @param metric the metric's name in {@code evaluation.json}
   * @return empty if there is no explanation
   */
  public static Optional<MetricInfo> of(String metric) {
    return Optional.ofNullable(DESCRIPTIONS.getProperty(key(metric))).map(MetricInfo::parse);
  }

  /** Returns the description, followed by the direction in which the metric improves. */
  String explanation() {
    return switch (better) {
      case LOWER -> description + " Lower is better.";
      case HIGHER -> description + " Higher is better.";
      case NEITHER -> description;
    };
  }

  private static String key(String metric) {
    int dot = metric.indexOf('.');
    String name = metric.substring(dot + 1);
    return switch (dot < 0 ? "" : metric.substring(0, dot)) {
      case "train", "test" -> "split." + name.replaceFirst("^iwae_\\d+_", "iwae_K_");
      case "prior", "posterior_mixture" -> "generated." + name;
      default -> metric;
    };
  }

  private static MetricInfo parse(String line) {
    int separator = line.indexOf('|');
    return new MetricInfo(
        Better.valueOf(line.substring(0, separator).strip().toUpperCase(Locale.ROOT)),
        line.substring(separator + 1).strip());
  }

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream file = MetricInfo.class.getResourceAsStream("metrics.properties")) {
      properties.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
