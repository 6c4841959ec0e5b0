package org.sparkvae.report.page;

import java.util.List;
import java.util.Map;

/** A value with a name, both as text. */
record NameValue(String name, String value) {
  static List<NameValue> of(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> new NameValue(entry.getKey(), entry.getValue()))
        .toList();
  }
}
