package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.ClassifierTrainer;
import org.sparkvae.evaluation.DigitClassifier;
import org.sparkvae.evaluation.MnistClassifier;
import org.sparkvae.image.ImageShape;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.mnist.MnistSource;

/** Measures the classifier of the jar on MNIST's test images. */
class MnistClassifierIT {
  private static final int IMAGES = 10_000;

  @Test
  void hasTheStatedAccuracy() throws Exception {
    IdxSet mnist =
        MnistSource.locate(
            Optional.empty(), CacheDirectory.ofUser().resolve("mnist"), message -> {});
    TrainedClassifier shipped = MnistClassifier.forDataSet(mnist.checksum()).orElseThrow();
    byte[] pixels = Files.readAllBytes(mnist.test().images().path());
    byte[] digits = Files.readAllBytes(mnist.test().labels().path());
    int pixelsStart = pixels.length - IMAGES * ImageShape.PIXELS;
    int digitsStart = digits.length - IMAGES;
    byte[][] images = new byte[IMAGES][];
    int[] labels = new int[IMAGES];
    for (int n = 0; n < IMAGES; n++) {
      int start = pixelsStart + n * ImageShape.PIXELS;
      images[n] = Arrays.copyOfRange(pixels, start, start + ImageShape.PIXELS);
      labels[n] = digits[digitsStart + n];
    }
    assertThat(ClassifierTrainer.accuracy(DigitClassifier.read(shipped.archive()), images, labels))
        .isCloseTo(shipped.testAccuracy(), within(0.0005))
        .isGreaterThanOrEqualTo(0.993);
  }
}
