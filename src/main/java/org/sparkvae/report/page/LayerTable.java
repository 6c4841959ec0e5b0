package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.List;
import org.sparkvae.model.LayerSummary;

/**
 * Table 2 of the reference report, grouped by the parts of the model.
 *
 * @param caption the text above the table
 */
record LayerTable(String caption, List<Part> parts) {
  /** The lines of Table 2 that belong to one part of the model. */
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
