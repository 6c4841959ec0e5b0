package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.IUpdater;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.ClassifierTrainer.LabeledImages;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.model.Pixels;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;

class DigitClassifierTest {
  private static final int COUNT = 1000;

  private final SparkSession spark = LocalSpark.session();

  @Test
  void learnsDigitsAndSurvivesSerialization() throws Exception {
    AtomicInteger progress = new AtomicInteger();
    TrainedClassifier trained =
        ClassifierTrainer.train(
            TestImages.labeled(spark, COUNT, 3),
            TestImages.labeled(spark, 200, 2),
            progress::addAndGet);
    assertThat(progress).hasValue(COUNT * DigitClassifier.EPOCHS);
    assertThat(trained.testAccuracy()).isGreaterThan(0.95);

    DigitClassifier classifier = DigitClassifier.read(trained.archive());
    float[][] images = {
      Pixels.grayValues(TestImages.labeledPixels(3)),
      Pixels.grayValues(TestImages.labeledPixels(17))
    };
    List<Prediction> predictions = classifier.predict(images);
    for (Prediction prediction : predictions) {
      assertThat(prediction.features()).hasSize(DigitClassifier.FEATURES);
      float sum = 0;
      for (float probability : prediction.probabilities()) {
        assertThat(probability).isBetween(0f, 1f);
        sum += probability;
      }
      assertThat(sum).isCloseTo(1, within(1e-5f));
      for (float feature : prediction.features()) {
        assertThat(feature).isNotNegative();
      }
    }
    assertThat(predictions.get(0).label()).isEqualTo(3);
    assertThat(predictions.get(1).label()).isEqualTo(7);
    assertThat(DigitClassifier.read(classifier.write()).predict(images).get(1).features())
        .isEqualTo(predictions.get(1).features());
  }

  @Test
  void trainsTheSameClassifierFromTheSameImages() {
    assertThat(trainOnFewImages(1).weightsChecksum())
        .isEqualTo(trainOnFewImages(3).weightsChecksum());
  }

  /** DL4J's own method to set a learning rate ignores SameDiff layers. */
  @Test
  void decreasesLearningRateInEveryLayer() throws Exception {
    byte[] archive = DigitClassifier.train(new byte[100][784], new int[100], images -> {}).write();
    MultiLayerNetwork network =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(archive), false);
    assertThat(network.getLayers()).hasSize(4);
    for (Layer layer : network.getLayers()) {
      IUpdater updater = layer.conf().getLayer().getUpdaterByParam("W");
      assertThat(updater.getLearningRate(0, 0)).isCloseTo(0.003, within(0.0002));
      assertThat(updater.getLearningRate(DigitClassifier.EPOCHS, 0)).isLessThan(0.0001);
    }
  }

  @Test
  void loadsOnlyTheFirstImages() {
    LabeledImages first = LabeledImages.firstOf(TestImages.labeled(spark, 300, 3), 100);
    assertThat(first.labels()).hasSize(100);
    assertThat(first.images()).hasNumberOfRows(100);
    assertThat(first.images()[99]).isEqualTo(TestImages.labeledPixels(99));
    assertThat(ClassifierTrainer.progressTotal(100)).isEqualTo(500);
    assertThat(ClassifierTrainer.progressTotal(960_000)).isEqualTo(300_000);
  }

  private TrainedClassifier trainOnFewImages(int partitions) {
    return ClassifierTrainer.train(
        TestImages.labeled(spark, 100, partitions),
        TestImages.labeled(spark, 50, partitions),
        images -> {});
  }
}
