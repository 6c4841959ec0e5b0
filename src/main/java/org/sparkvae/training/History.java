package org.sparkvae.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code history.csv}: a header and a line per epoch. */
public final class History {
  private static final ObjectMapper JSON = new ObjectMapper();

  private History() {}

  /** The file's text. */
  public static String csv(List<EpochRecord> epochs) {
    StringBuilder csv = new StringBuilder();
    for (EpochRecord epoch : epochs) {
      Map<String, Object> values = values(epoch);
      if (csv.isEmpty()) {
        csv.append(String.join(",", values.keySet())).append('\n');
      }
      csv.append(values.values().stream().map(String::valueOf).collect(Collectors.joining(",")))
          .append('\n');
    }
    return csv.toString();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> values(EpochRecord epoch) {
    return JSON.convertValue(epoch, LinkedHashMap.class);
  }

  /**
   * Reads {@link #csv} back.
   *
   * @throws IllegalArgumentException if it is not such a text, or not of the epochs from the first
   */
  public static List<EpochRecord> parse(String csv) {
    Iterator<String> lines = csv.lines().iterator();
    if (!lines.hasNext()) {
      return List.of();
    }
    String[] names = lines.next().split(",", -1);
    List<EpochRecord> epochs = new ArrayList<>();
    while (lines.hasNext()) {
      String[] values = lines.next().split(",", -1);
      if (values.length != names.length) {
        throw new IllegalArgumentException(
            "history.csv: a line of %d values under %d names"
                .formatted(values.length, names.length));
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < names.length; i++) {
        fields.put(names[i], values[i]);
      }
      epochs.add(JSON.convertValue(fields, EpochRecord.class));
    }
    check(epochs);
    return epochs;
  }

  /**
   * Makes sure that epochs follow one another from the first, are of equally many images, and that
   * every training loss is finite.
   */
  static void check(List<EpochRecord> epochs) {
    for (int i = 0; i < epochs.size(); i++) {
      EpochRecord each = epochs.get(i);
      if (each == null
          || each.epoch() != i + 1
          || each.examples() <= 0
          || each.examples() != epochs.get(0).examples()
          || !each.hasFiniteTrainLoss()) {
        throw new IllegalArgumentException("no epoch %d in its place".formatted(i + 1));
      }
    }
  }
}
