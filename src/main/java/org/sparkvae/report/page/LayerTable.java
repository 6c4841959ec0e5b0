package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.List;
import org.sparkvae.model.LayerSummary;

/**
 * Table 2, by the model's parts.
 *
 * @param caption above the table
 */
record LayerTable(String caption, List<Part> parts) {
  /** Lines of Table 2 that belong to one part. */
  record Part(String name, List<LayerSummary> layers) {}

  static LayerTable of(String caption, List<LayerSummary> layers) {
    List<Part> parts = new ArrayList<>();
    for (LayerSummary layer : layers) {
      if (parts.isEmpty() || !parts.get(parts.size() - 1).name().equals(layer.part())) {
        parts.add(new Part(layer.part(), new ArrayList<>()));
      }
      parts.get(parts.size() - 1).layers().add(layer);
    }
    return new LayerTable(caption, parts);
  }
}
