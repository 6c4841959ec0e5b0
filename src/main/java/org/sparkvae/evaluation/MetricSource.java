package org.sparkvae.evaluation;

import java.util.List;
import org.sparkvae.mnist.Split;

/** The images or values that a metric is computed from. */
public enum MetricSource {
  /** The settings of the run. */
  SETTINGS,
  /** Original images, read by the classifier. */
  CLASSIFIED_ORIGINALS,
  /** The posterior means and labels of original images. */
  LATENT_PROBES,
  /** Stored reconstructions. The metrics are means over the images of a split. */
  RECONSTRUCTIONS,
  /** Images that are encoded again. */
  ENCODED_IMAGES,
  /** Stored reconstructions, read by the classifier. */
  CLASSIFIED_RECONSTRUCTIONS,
  /** Generated images, read by the classifier. */
  GENERATED_IMAGES;

  /** The prefix of metrics of images generated from the prior. */
  public static final String PRIOR = "prior";

  /** The prefix of metrics of images generated from the mixture fitted to the posteriors. */
  public static final String POSTERIOR_MIXTURE = "posterior_mixture";

  /** Returns the prefixes of the metrics' names. The prefix of a metric of the run is empty. */
  public List<String> prefixes() {
    return switch (this) {
      case SETTINGS, CLASSIFIED_ORIGINALS, LATENT_PROBES -> List.of("");
      case RECONSTRUCTIONS, ENCODED_IMAGES, CLASSIFIED_RECONSTRUCTIONS ->
          List.of(Split.TRAIN.toString(), Split.TEST.toString());
      case GENERATED_IMAGES -> List.of(PRIOR, POSTERIOR_MIXTURE);
    };
  }

  /** Returns whether the metrics need the classifier. */
  public boolean usesClassifier() {
    return this == CLASSIFIED_ORIGINALS
        || this == CLASSIFIED_RECONSTRUCTIONS
        || this == GENERATED_IMAGES;
  }

  /** Returns whether the metrics need a minimum number of images in each split. */
  public boolean needsManyImages() {
    return usesClassifier() || this == LATENT_PROBES;
  }
}
