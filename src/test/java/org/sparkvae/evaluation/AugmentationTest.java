package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkvae.model.Pixels;
import org.sparkvae.spark.TestImages;

class AugmentationTest {
  private final byte[][] images = new byte[200][];
  private final Augmentation augmentation;

  AugmentationTest() {
    for (int id = 0; id < images.length; id++) {
      images[id] = TestImages.pixels(id);
    }
    augmentation = new Augmentation(images);
  }

  @Test
  void createsDifferentVariantsFromTheSeed() {
    float[] first = augmentation.augment(images[0], new Random(1));
    assertThat(augmentation.augment(images[0], new Random(1))).isEqualTo(first);
    Random random = new Random(2);
    boolean differs = false;
    for (int n = 0; n < 50; n++) {
      float[] variant = augmentation.augment(images[0], random);
      assertThat(variant).hasSize(784);
      for (float gray : variant) {
        assertThat(gray).isBetween(0f, 1f);
      }
      differs |= !Arrays.equals(variant, first);
    }
    assertThat(differs).isTrue();
  }

  /** Some variants are only shifted: they contain all ink, at most one pixel away. */
  @Test
  void onlyShiftsSomeVariants() {
    float[] original = Pixels.grayValues(images[0]);
    Random random = new Random(3);
    int shifted = 0;
    for (int n = 0; n < 200; n++) {
      float[] variant = augmentation.augment(images[0], random);
      for (int down = -1; down <= 1; down++) {
        for (int right = -1; right <= 1; right++) {
          shifted += isShifted(original, variant, 28 * down + right) ? 1 : 0;
        }
      }
    }
    assertThat(shifted).isBetween(50, 110);
  }

  private static boolean isShifted(float[] original, float[] variant, int offset) {
    for (int p = 30; p < 784 - 30; p++) {
      if (variant[p + offset] != original[p]) {
        return false;
      }
    }
    return true;
  }
}
