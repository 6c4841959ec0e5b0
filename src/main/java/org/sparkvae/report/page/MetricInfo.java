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
 * How to read a metric; the lines are in {@code metrics.properties}.
 *
 * @param better which way
 * @param text unit, and what to hold it against
 */
public record MetricInfo(Better better, String text) {
  private static final Properties LINES = lines();

  /** Which way a metric is better. */
  public enum Better {
    LOWER,
    HIGHER,
    /** It says something, but neither more nor less of it is a merit. */
    NEITHER
  }

  /**
   * Looks a metric up.
   *
   * @param metric its name in {@code evaluation.json}
   * @return nothing if there is no line for it
   */
  public static Optional<MetricInfo> of(String metric) {
    return Optional.ofNullable(LINES.getProperty(key(metric))).map(MetricInfo::parse);
  }

  /** In one line. */
  String line() {
    return switch (better) {
      case LOWER -> text + " Lower is better.";
      case HIGHER -> text + " Higher is better.";
      case NEITHER -> text;
    };
  }

  private static String key(String metric) {
    int dot = metric.indexOf('.');
    String name = metric.substring(dot + 1);
    return switch (dot < 0 ? "" : metric.substring(0, dot)) {
      case "train", "test" -> "split." + name.replaceFirst("^iwae_\\d+_", "iwae_K_");
      case "prior", "posterior_mixture" -> "draws." + name;
      default -> metric;
    };
  }

  private static MetricInfo parse(String line) {
    int bar = line.indexOf('|');
    return new MetricInfo(
        Better.valueOf(line.substring(0, bar).strip().toUpperCase(Locale.ROOT)),
        line.substring(bar + 1).strip());
  }

  private static Properties lines() {
    Properties lines = new Properties();
    try (InputStream file = MetricInfo.class.getResourceAsStream("metrics.properties")) {
      lines.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
