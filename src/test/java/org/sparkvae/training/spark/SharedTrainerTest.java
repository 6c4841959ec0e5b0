package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.parameterserver.pw.SharedTrainingWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.testing.SmallModels;
import org.sparkvae.training.MinibatchLoss;

/** Tests with Deeplearning4j's parameter server in this JVM. The timeout detects a hang. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedTrainerTest {
  private static final int COUNT = 90;
  private static final int BATCH = 20;

  private final SparkSession spark = LocalSpark.session();

  private static ComputationGraph model(double lambda) {
    return SmallModels.untrained(new ModelConfig(4, 0.01, lambda, 0.001, 5));
  }

  private SharedTrainer trainer(ComputationGraph model, Dataset<Row> images) {
    return new SharedTrainer(model, images, COUNT, BATCH, ExecutorGroup.await(spark, 0), 5);
  }

  @Test
  void trainsEveryMinibatchOnceAndKeepsTheReplicaBitwiseEqualToTheModel()
      throws ReflectiveOperationException {
    ComputationGraph model = model(0.5);
    INDArray before = model.params().dup();
    List<MinibatchLoss> losses = Collections.synchronizedList(new ArrayList<>());
    try (SharedTrainer trainer = trainer(model, TestImages.of(spark, COUNT, 3))) {
      trainer.trainEpoch(1, trained -> losses.add(trained.loss()));
      assertThat(losses).extracting(MinibatchLoss::images).containsExactly(20, 20, 20, 20, 10);
      INDArray afterFirst = trainer.model().params().dup();
      assertThat(afterFirst.distance2(before)).isGreaterThan(0.01);
      assertThat(replicaParameters()).isEqualTo(ModelState.values(afterFirst));

      trainer.trainEpoch(2, trained -> losses.add(trained.loss()));
      assertThat(losses).hasSize(10).allMatch(MinibatchLoss::isFinite);
      assertThat(trainer.model().params().distance2(afterFirst)).isGreaterThan(0.01);
      assertThat(replicaParameters()).isEqualTo(ModelState.values(trainer.model().params()));
      assertThat(mean(losses.subList(5, 10))).isLessThan(mean(losses.subList(0, 5)));
    }
  }

  @Test
  void reportsAnExceptionInAWorker() {
    // The short image causes an exception when its minibatch is unpacked. Deeplearning4j hides it.
    Dataset<Row> images =
        TestImages.of(spark, COUNT, 3)
            .withColumn(
                "pixels",
                functions.expr(
                    "CASE WHEN image_id = 33 THEN substring(pixels, 1, 5) ELSE pixels END"));
    try (SharedTrainer trainer = trainer(model(0.5), images)) {
      assertThatThrownBy(() -> trainer.trainEpoch(1, trained -> {}))
          .isInstanceOf(InputDataException.class)
          .hasMessageContaining("training failed on an executor")
          .hasMessageContaining("an image has 5 bytes, expected 784");
    }
  }

  /** Returns the parameters of the worker's replica, which Deeplearning4j keeps private. */
  private static float[] replicaParameters() throws ReflectiveOperationException {
    Field instance = SharedTrainingWrapper.class.getDeclaredField("INSTANCE");
    Field model = SharedTrainingWrapper.class.getDeclaredField("originalModel");
    instance.setAccessible(true);
    model.setAccessible(true);
    return ModelState.values(((ComputationGraph) model.get(instance.get(null))).params());
  }

  private static double mean(List<MinibatchLoss> losses) {
    return losses.stream().mapToDouble(MinibatchLoss::total).average().orElseThrow();
  }
}
