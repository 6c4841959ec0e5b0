package org.sparkvae.report.page;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkvae.config.Settings;
import org.sparkvae.model.LayerSummary;

/**
 * Everything that a page says of a run.
 *
 * @param id the run's name
 * @param settings it was begun with
 * @param epochs ascending, at least one
 * @param metrics as {@code evaluation.json} names them, in its order
 * @param layers lines of Table 2
 * @param originals up to 100 random training images, each 784 values in [0, 1] row by row
 * @param reconstructions of the same images, likewise
 * @param best test images with the lowest cross-entropy, lowest first
 * @param worst test images with the highest, highest first
 * @param digits the test images by label, ascending
 * @param draws pictures as they lie on disk
 * @param machine in words
 * @param provenance name to value
 */
public record RunSummary(
    String id,
    Settings settings,
    List<EpochSummary> epochs,
    Map<String, Double> metrics,
    List<LayerSummary> layers,
    List<float[]> originals,
    List<float[]> reconstructions,
    List<ScoredImage> best,
    List<ScoredImage> worst,
    List<DigitScores> digits,
    List<EmbeddedImage> draws,
    String machine,
    Map<String, String> provenance) {
  /** Refuses a run without epochs. */
  public RunSummary {
    if (epochs.isEmpty()) {
      throw new IllegalArgumentException("run '%s' has no epoch".formatted(id));
    }
    epochs = List.copyOf(epochs);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    layers = List.copyOf(layers);
    originals = List.copyOf(originals);
    reconstructions = List.copyOf(reconstructions);
    best = List.copyOf(best);
    worst = List.copyOf(worst);
    digits = List.copyOf(digits);
    draws = List.copyOf(draws);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /** Tells one set of images from another. */
  String dataChecksum() {
    return provenance.getOrDefault("data checksum", "");
  }

  /** Tells one judge of images from another. */
  String classifierChecksum() {
    return provenance.getOrDefault("evaluation classifier weights sha256", "");
  }
}
