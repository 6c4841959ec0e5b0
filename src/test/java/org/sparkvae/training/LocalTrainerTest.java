package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.storage.Storage;
import org.sparkvae.testing.SmallModels;

class LocalTrainerTest {
  private static final int COUNT = 50;
  private static final int BATCH = 20;

  private final SparkSession spark = LocalSpark.session();

  private static ComputationGraph model(double learningRate) {
    return SmallModels.untrained(new ModelConfig(4, 0.1, 0.5, learningRate, 5));
  }

  private LocalTrainer trainer(ComputationGraph model) {
    Dataset<Row> images = TestImages.of(spark, COUNT, 3);
    return new LocalTrainer(model, MappedImages.of(images), BATCH, 5);
  }

  @Test
  void resumedRunIsBitwiseEqualToAnUninterruptedRun() throws IOException {
    List<TrainedMinibatch> trained = new ArrayList<>();
    ByteArrayOutputStream afterOne = new ByteArrayOutputStream();
    ComputationGraph uninterrupted;
    try (LocalTrainer trainer = trainer(model(0.001))) {
      trainer.trainEpoch(1, trained::add);
      ModelFile.write(trainer.model(), afterOne);
      trainer.trainEpoch(2, trained::add);
      uninterrupted = trainer.model();
    }
    assertThat(trained)
        .extracting(minibatch -> minibatch.loss().images())
        .containsExactly(20, 20, 10, 20, 20, 10);

    List<TrainedMinibatch> resumed = new ArrayList<>();
    try (LocalTrainer trainer = trainer(ModelFile.read(afterOne.toByteArray()))) {
      trainer.trainEpoch(2, resumed::add);
      assertThat(resumed).isEqualTo(trained.subList(3, 6));
      assertThat(bits(trainer.model().params())).isEqualTo(bits(uninterrupted.params()));
      assertThat(bits(trainer.model().getUpdater().getStateViewArray()))
          .isEqualTo(bits(uninterrupted.getUpdater().getStateViewArray()));
    }
  }

  /** Returns an array's exact values. Deeplearning4j compares arrays with a tolerance. */
  private static float[] bits(INDArray array) {
    return array.reshape(array.length()).toFloatVector();
  }

  @Test
  void interruptStopsTrainingAfterTheCurrentMinibatch() throws IOException {
    List<TrainedMinibatch> trained = new ArrayList<>();
    try (LocalTrainer trainer = trainer(model(0.001))) {
      assertThatThrownBy(
              () ->
                  trainer.trainEpoch(
                      1,
                      minibatch -> {
                        trained.add(minibatch);
                        Thread.currentThread().interrupt();
                      }))
          .isInstanceOf(TransientException.class)
          .hasMessageContaining("epoch 1: interrupted");
    }
    assertThat(trained).hasSize(1);
  }

  @Test
  void divergenceKeepsTheLastCheckpoint(@TempDir Path directory) {
    Storage run = Storage.at(directory.toString());
    CheckpointDirectory checkpoints =
        new CheckpointDirectory(run.child("checkpoints"), warning -> {});
    try (LocalTrainer trainer = trainer(model(1e30))) {
      TrainingLoop loop =
          new TrainingLoop(
              trainer,
              checkpoints::write,
              model -> new MinibatchLoss(0, 0, 1),
              TrainingProgress.SILENT);
      assertThatThrownBy(() -> loop.run(List.of(), 2, COUNT, 5))
          .isInstanceOf(DivergenceException.class)
          .hasMessageContaining("epoch 1");
    }
    assertThat(checkpoints.latest()).isEmpty();
  }

  @Test
  void rejectsMissingAndRepeatedImages() {
    Dataset<Row> images = TestImages.of(spark, COUNT, 3);
    assertThatThrownBy(() -> MappedImages.of(images.where("image_id <> 7")))
        .isInstanceOf(InputDataException.class);
    Dataset<Row> repeated = images.where("image_id <> 7").union(images.where("image_id = 8"));
    assertThatThrownBy(() -> MappedImages.of(repeated)).isInstanceOf(InputDataException.class);
    Dataset<Row> shorter = images.selectExpr("image_id", "substring(pixels, 2) AS pixels");
    assertThatThrownBy(() -> MappedImages.of(shorter))
        .isInstanceOf(InputDataException.class)
        .hasMessage("an image has 783 bytes, expected 784. Correct the image.");
  }
}
