package org.sparkvae.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The format of {@code history.csv}: a header and one line per epoch. */
public final class History {
  private static final ObjectMapper JSON = new ObjectMapper();

  private History() {}

  /** Returns the text of the file. It is empty if there are no epochs. */
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
   * Parses text that {@link #csv} wrote.
   *
   * @throws IllegalArgumentException if the text has another format, or if its epochs do not start
   *     at 1 and follow one another
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
            "history.csv: a line has %d values, but the header has %d names"
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
   * Checks that the epochs start at 1 and follow one another, that all have the same number of
   * images, and that every training loss is finite.
   *
   * @throws IllegalArgumentException if a record violates one of these conditions
   */
  static void check(List<EpochRecord> epochs) {
    for (int i = 0; i < epochs.size(); i++) {
      EpochRecord record = epochs.get(i);
      if (record == null
          || record.epoch() != i + 1
          || record.examples() <= 0
          || record.examples() != epochs.get(0).examples()
          || !record.hasFiniteTrainLoss()) {
        throw new IllegalArgumentException(
            "the record of epoch %d is missing or invalid".formatted(i + 1));
      }
    }
  }
}
