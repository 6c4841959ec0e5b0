package org.sparkvae.run;

import org.sparkvae.exception.ConfigurationException;

/**
 * The amount of data behind the expensive metrics of an evaluation.
 *
 * @param images maximum number of images per split, for all metrics that encode, generate or
 *     classify images
 * @param importanceSamples number of samples of z for each image's importance-weighted bound, which
 *     uses half of the images
 */
public record EvaluationSize(int images, int importanceSamples) {
  /** The smallest number of images; with fewer, a split would be a single minibatch. */
  private static final int MIN_IMAGES = 200;

  /** The size of the evaluation by the command {@code run}. */
  public static final EvaluationSize DEFAULT = new EvaluationSize(2000, 5);

  /**
   * Validates the values.
   *
   * @throws ConfigurationException if a value is too low; the message names its option
   */
  public EvaluationSize {
    require("--images", images, MIN_IMAGES);
    require("--importance-samples", importanceSamples, 1);
  }

  private static void require(String option, int value, int minimum) {
    if (value < minimum) {
      throw new ConfigurationException(
          "%s: expected %d or more, found %d.".formatted(option, minimum, value));
    }
  }
}
