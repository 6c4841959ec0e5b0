package org.sparkvae.run;

import org.sparkvae.exception.ConfigurationException;

/**
 * The amount of data behind the expensive metrics of an evaluation.
 *
 * @param images maximum number of images per split, from 200 to 10,000, for all metrics that
 *     encode, generate or classify images
 * @param importanceSamples number of samples of z for each image's importance-weighted bound, which
 *     uses at most half as many images
 */
public record EvaluationSize(int images, int importanceSamples) {
  /** With fewer images, the importance-weighted bound would have less than one minibatch. */
  private static final int MIN_IMAGES = 200;

  /** With more images, the latent probes would need more than a gigabyte of the driver's heap. */
  static final int MAX_IMAGES = 10_000;

  /** Each sample is decoded, so more samples than this would take days. */
  private static final int MAX_IMPORTANCE_SAMPLES = 10_000;

  /** The size of the evaluation by the command {@code run}. */
  public static final EvaluationSize DEFAULT = new EvaluationSize(2000, 5);

  /**
   * Validates the values.
   *
   * @throws ConfigurationException if a value is out of range; the message names its option
   */
  public EvaluationSize {
    if (images < MIN_IMAGES || images > MAX_IMAGES) {
      throw new ConfigurationException(
          "--images: expected a whole number from %d to %d, found %d."
              .formatted(MIN_IMAGES, MAX_IMAGES, images));
    }
    if (importanceSamples < 1 || importanceSamples > MAX_IMPORTANCE_SAMPLES) {
      throw new ConfigurationException(
          "--importance-samples: expected a whole number from 1 to %d, found %d."
              .formatted(MAX_IMPORTANCE_SAMPLES, importanceSamples));
    }
  }
}
