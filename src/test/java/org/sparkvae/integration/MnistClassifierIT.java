package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.DigitClassifier;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.evaluation.MnistClassifier;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.mnist.MnistSource;
import org.sparkvae.model.Pixels;

/** Measures the classifier of the jar on MNIST's test images. */
class MnistClassifierIT {
  private static final int IMAGES = 10_000;
  private static final int PIXELS = 784;
  private static final int BATCH = 100;

  @Test
  void hasTheStatedAccuracy() throws Exception {
    IdxSet mnist =
        MnistSource.locate(
            Optional.empty(), CacheDirectory.ofUser().resolve("mnist"), message -> {});
    TrainedClassifier shipped = MnistClassifier.forDataSet(mnist.checksum()).orElseThrow();
    byte[] images = Files.readAllBytes(mnist.test().images().path());
    byte[] labels = Files.readAllBytes(mnist.test().labels().path());
    int imagesStart = images.length - IMAGES * PIXELS;
    int labelsStart = labels.length - IMAGES;

    DigitClassifier classifier = DigitClassifier.read(shipped.archive());
    int correct = 0;
    for (int from = 0; from < IMAGES; from += BATCH) {
      float[][] batch = new float[BATCH][];
      for (int n = 0; n < BATCH; n++) {
        int start = imagesStart + (from + n) * PIXELS;
        batch[n] = Pixels.grayValues(Arrays.copyOfRange(images, start, start + PIXELS));
      }
      List<Prediction> predictions = classifier.predict(batch);
      for (int n = 0; n < BATCH; n++) {
        correct += predictions.get(n).label() == labels[labelsStart + from + n] ? 1 : 0;
      }
    }
    assertThat((double) correct / IMAGES)
        .isCloseTo(shipped.testAccuracy(), within(0.0005))
        .isGreaterThanOrEqualTo(0.993);
  }
}
