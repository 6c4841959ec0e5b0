package org.sparkvae.report.page;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkvae.config.Settings;
import org.sparkvae.model.LayerSummary;

/**
 * The content of a run's page.
 *
 * @param id the run's id
 * @param settings the run's settings
 * @param epochs the epochs, at least one, ascending
 * @param metrics the metrics with their names in {@code evaluation.json}, in its order
 * @param layers the lines of Table 2
 * @param originals up to 100 random training images, each a value in [0, 1] per pixel, row by row
 * @param reconstructions the reconstructions of these images, in the same format and order
 * @param best test images with the lowest cross-entropy, lowest first
 * @param worst test images with the highest cross-entropy, highest first
 * @param digits the scores of the test images by label, ascending
 * @param generatedImages the figures of generated images, as in the run's directory
 * @param machine a description of the machine
 * @param provenance the provenance as name and value
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
    List<EmbeddedImage> generatedImages,
    String machine,
    Map<String, String> provenance) {
  /** Rejects a run without epochs. */
  public RunSummary {
    if (epochs.isEmpty()) {
      throw new IllegalArgumentException("run '%s' has no completed epoch.".formatted(id));
    }
    epochs = List.copyOf(epochs);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    layers = List.copyOf(layers);
    originals = List.copyOf(originals);
    reconstructions = List.copyOf(reconstructions);
    best = List.copyOf(best);
    worst = List.copyOf(worst);
    digits = List.copyOf(digits);
    generatedImages = List.copyOf(generatedImages);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /** Returns the checksum of the data set, or an empty string if it is unknown. */
  String dataChecksum() {
    return provenance.getOrDefault("data checksum", "");
  }

  /** Returns the checksum of the classifier's weights, or an empty string if it is unknown. */
  String classifierChecksum() {
    return provenance.getOrDefault("evaluation classifier weights sha256", "");
  }
}
