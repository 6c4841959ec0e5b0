package org.sparkvae.evaluation;

import static org.sparkvae.image.ImageShape.COLUMNS;
import static org.sparkvae.image.ImageShape.ROWS;

import java.util.Random;
import org.sparkvae.linalg.SymmetricEigendecomposition;
import org.sparkvae.model.Pixels;

/**
 * Data augmentation for the classifier. It teaches the classifier to recognize digits that are
 * shifted or less sharp.
 *
 * <p>Every image is shifted by at most one pixel in each direction. Most images are also smeared:
 * each row is projected onto the first few principal components of all rows, with some noise in the
 * scores. The model's decoder smears rows in a similar way, because it computes each row of an
 * image from three values.
 */
final class Augmentation {
  private static final int MAX_SHIFT = 1;
  private static final double SMEAR_PROBABILITY = 0.6;
  private static final int MIN_COMPONENTS = 3;
  private static final int MAX_COMPONENTS = 6;

  /** The maximum noise of a score, in standard deviations of the component. */
  private static final double MAX_NOISE = 0.6;

  private final double[] mean = new double[COLUMNS];
  private final double[][] components = new double[MAX_COMPONENTS][];
  private final double[] deviations = new double[MAX_COMPONENTS];

  /**
   * Computes the principal components of the rows of all images.
   *
   * @param images unsigned bytes, one per pixel, row by row
   */
  Augmentation(byte[][] images) {
    double[][] products = new double[COLUMNS][COLUMNS];
    long rows = 0;
    for (byte[] image : images) {
      float[] grays = Pixels.grayValues(image);
      for (int row = 0; row < image.length; row += COLUMNS) {
        if (addUnlessBlank(grays, row, products)) {
          rows++;
        }
      }
    }
    for (int i = 0; i < COLUMNS; i++) {
      mean[i] /= Math.max(1, rows);
    }
    for (int i = 0; i < COLUMNS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        products[i][j] = products[i][j] / Math.max(1, rows) - mean[i] * mean[j];
      }
    }
    SymmetricEigendecomposition decomposition = SymmetricEigendecomposition.of(products);
    for (int k = 0; k < MAX_COMPONENTS; k++) {
      components[k] = decomposition.vectors()[k];
      deviations[k] = Math.sqrt(Math.max(0, decomposition.values()[k]));
    }
  }

  /** Adds a row to the sums and returns true, unless the row is blank. */
  private boolean addUnlessBlank(float[] grays, int row, double[][] products) {
    boolean hasInk = false;
    for (int i = 0; i < COLUMNS; i++) {
      double gray = grays[row + i];
      if (gray > 0) {
        hasInk = true;
        mean[i] += gray;
        for (int j = 0; j < COLUMNS; j++) {
          products[i][j] += gray * grays[row + j];
        }
      }
    }
    return hasInk;
  }

  /** Returns a variant of an image, a value in [0, 1] per pixel. */
  float[] augment(byte[] image, Random random) {
    float[] shifted = shift(Pixels.grayValues(image), random);
    if (random.nextDouble() < SMEAR_PROBABILITY) {
      smear(shifted, random);
    }
    return shifted;
  }

  private static float[] shift(float[] image, Random random) {
    int down = random.nextInt(2 * MAX_SHIFT + 1) - MAX_SHIFT;
    int right = random.nextInt(2 * MAX_SHIFT + 1) - MAX_SHIFT;
    float[] shifted = new float[image.length];
    for (int row = Math.max(0, down); row < Math.min(ROWS, ROWS + down); row++) {
      for (int column = Math.max(0, right); column < Math.min(COLUMNS, COLUMNS + right); column++) {
        shifted[row * COLUMNS + column] = image[(row - down) * COLUMNS + column - right];
      }
    }
    return shifted;
  }

  private void smear(float[] image, Random random) {
    int count = MIN_COMPONENTS + random.nextInt(MAX_COMPONENTS - MIN_COMPONENTS + 1);
    double noise = MAX_NOISE * random.nextDouble();
    double[] smeared = new double[COLUMNS];
    for (int row = 0; row < image.length; row += COLUMNS) {
      System.arraycopy(mean, 0, smeared, 0, COLUMNS);
      for (int k = 0; k < count; k++) {
        double score = noise * deviations[k] * random.nextGaussian();
        for (int i = 0; i < COLUMNS; i++) {
          score += (image[row + i] - mean[i]) * components[k][i];
        }
        for (int i = 0; i < COLUMNS; i++) {
          smeared[i] += score * components[k][i];
        }
      }
      for (int i = 0; i < COLUMNS; i++) {
        image[row + i] = (float) Math.min(1, Math.max(0, smeared[i]));
      }
    }
  }
}
