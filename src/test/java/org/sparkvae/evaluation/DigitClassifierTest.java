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
import org.sparkvae.evaluation.ClassifierCache.Trained;
import org.sparkvae.evaluation.ClassifierTrainer.Labelled;
import org.sparkvae.evaluation.DigitClassifier.Judgement;
import org.sparkvae.model.Pixels;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;

class DigitClassifierTest {
  private static final int COUNT = 1000;

  private final SparkSession spark = LocalSpark.session();

  @Test
  void learnsWhatCanBeSeenAndIsTheSameWhenReadAgain() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    Trained trained =
        ClassifierTrainer.train(
            TestImages.labelled(spark, COUNT, 3),
            TestImages.labelled(spark, 200, 2),
            seen::addAndGet);
    assertThat(seen).hasValue(COUNT * DigitClassifier.EPOCHS);
    assertThat(trained.testAccuracy()).isGreaterThan(0.95);

    DigitClassifier classifier = DigitClassifier.read(trained.archive());
    float[][] images = {
      Pixels.greys(TestImages.labelledPixels(3)), Pixels.greys(TestImages.labelledPixels(17))
    };
    List<Judgement> judged = classifier.judge(images);
    for (Judgement each : judged) {
      assertThat(each.features()).hasSize(DigitClassifier.FEATURES);
      float sum = 0;
      for (float probability : each.probabilities()) {
        assertThat(probability).isBetween(0f, 1f);
        sum += probability;
      }
      assertThat(sum).isCloseTo(1, within(1e-5f));
      for (float feature : each.features()) {
        assertThat(feature).isNotNegative();
      }
    }
    assertThat(judged.get(0).label()).isEqualTo(3);
    assertThat(judged.get(1).label()).isEqualTo(7);
    assertThat(DigitClassifier.read(classifier.write()).judge(images).get(1).features())
        .isEqualTo(judged.get(1).features());
  }

  @Test
  void theSameImagesGiveTheSameClassifier() {
    assertThat(few(1).weightsChecksum()).isEqualTo(few(3).weightsChecksum());
  }

  /** Deeplearning4j's own way to set a learning rate passes over layers of SameDiff. */
  @Test
  void learningRateFallsInEveryLayer() throws Exception {
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
  void noMoreComeToTheDriverThanItNeeds() {
    Labelled first = Labelled.first(TestImages.labelled(spark, 300, 3), 100);
    assertThat(first.labels()).hasSize(100);
    assertThat(first.images()).hasNumberOfRows(100);
    assertThat(first.images()[99]).isEqualTo(TestImages.labelledPixels(99));
    assertThat(ClassifierTrainer.steps(100)).isEqualTo(500);
    assertThat(ClassifierTrainer.steps(960_000)).isEqualTo(300_000);
  }

  private Trained few(int partitions) {
    return ClassifierTrainer.train(
        TestImages.labelled(spark, 300, partitions),
        TestImages.labelled(spark, 100, partitions),
        images -> {});
  }
}
