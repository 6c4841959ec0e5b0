package org.sparkvae.evaluation;

import java.util.Random;
import org.sparkvae.linalg.SymmetricEigendecomposition;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.Pixels;

/**
 * Variants of training images, from which a classifier learns what is drawn and not how cleanly.
 * Each is shifted by a pixel at most. Many are smeared: every row is taken down to its first few
 * principal components among all images' rows, and these are shaken a little. So does a decoder
 * render a row that has few values for it, here three.
 */
final class Augmentation {
  private static final int SIDE = ModelConfig.SIDE;
  private static final int SHIFT = 1;
  private static final double SMEARED = 0.6;
  private static final int FEWEST_COMPONENTS = 3;
  private static final int MOST_COMPONENTS = 6;

  /** Most that components are shaken by, in their standard deviations. */
  private static final double NOISE = 0.6;

  private final double[] mean = new double[SIDE];
  private final double[][] components = new double[MOST_COMPONENTS][];
  private final double[] deviations = new double[MOST_COMPONENTS];

  /**
   * Learns what rows look like.
   *
   * @param images 784 unsigned bytes each, row by row
   */
  Augmentation(byte[][] images) {
    double[][] products = new double[SIDE][SIDE];
    long rows = 0;
    for (byte[] image : images) {
      float[] greys = Pixels.greys(image);
      for (int row = 0; row < image.length; row += SIDE) {
        if (add(greys, row, products)) {
          rows++;
        }
      }
    }
    for (int i = 0; i < SIDE; i++) {
      mean[i] /= Math.max(1, rows);
    }
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        products[i][j] = products[i][j] / Math.max(1, rows) - mean[i] * mean[j];
      }
    }
    SymmetricEigendecomposition parts = SymmetricEigendecomposition.of(products);
    for (int k = 0; k < MOST_COMPONENTS; k++) {
      components[k] = parts.vectors()[k];
      deviations[k] = Math.sqrt(Math.max(0, parts.values()[k]));
    }
  }

  /** Adds a row to the sums, unless there is no ink in it. */
  private boolean add(float[] greys, int row, double[][] products) {
    boolean ink = false;
    for (int i = 0; i < SIDE; i++) {
      double grey = greys[row + i];
      if (grey > 0) {
        ink = true;
        mean[i] += grey;
        for (int j = 0; j < SIDE; j++) {
          products[i][j] += grey * greys[row + j];
        }
      }
    }
    return ink;
  }

  /** A variant of an image, 784 values in [0, 1]. */
  float[] variant(byte[] image, Random random) {
    float[] shifted = shifted(Pixels.greys(image), random);
    if (random.nextDouble() < SMEARED) {
      smear(shifted, random);
    }
    return shifted;
  }

  private static float[] shifted(float[] image, Random random) {
    int down = random.nextInt(2 * SHIFT + 1) - SHIFT;
    int right = random.nextInt(2 * SHIFT + 1) - SHIFT;
    float[] shifted = new float[image.length];
    for (int row = Math.max(0, down); row < Math.min(SIDE, SIDE + down); row++) {
      for (int column = Math.max(0, right); column < Math.min(SIDE, SIDE + right); column++) {
        shifted[row * SIDE + column] = image[(row - down) * SIDE + column - right];
      }
    }
    return shifted;
  }

  private void smear(float[] image, Random random) {
    int kept = FEWEST_COMPONENTS + random.nextInt(MOST_COMPONENTS - FEWEST_COMPONENTS + 1);
    double noise = NOISE * random.nextDouble();
    double[] smeared = new double[SIDE];
    for (int row = 0; row < image.length; row += SIDE) {
      System.arraycopy(mean, 0, smeared, 0, SIDE);
      for (int k = 0; k < kept; k++) {
        double score = noise * deviations[k] * random.nextGaussian();
        for (int i = 0; i < SIDE; i++) {
          score += (image[row + i] - mean[i]) * components[k][i];
        }
        for (int i = 0; i < SIDE; i++) {
          smeared[i] += score * components[k][i];
        }
      }
      for (int i = 0; i < SIDE; i++) {
        image[row + i] = (float) Math.min(1, Math.max(0, smeared[i]));
      }
    }
  }
}
