package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkvae.model.ModelConfig.DECODER_CHANNELS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.testing.SmallModels;
import org.sparkvae.training.LocalTrainer;
import org.sparkvae.training.MappedImages;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.Trainer;

/** With one worker, every distributed trainer equals the local trainer up to rounding. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneWorkerTest {
  private static final int COUNT = 65;
  private static final int BATCH = 10;
  private static final int SEED = 5;

  private final SparkSession spark = LocalSpark.session();

  /** A model whose λ and learning rate differ between the first and the second epoch. */
  private static ComputationGraph model() {
    return SmallModels.untrained(new ModelConfig(4, DECODER_CHANNELS, 0.1, 0.5, 2, 0.001, 0.5, 5));
  }

  private Trainer distributed(TrainerKind kind, ComputationGraph model, Dataset<Row> images) {
    ExecutorGroup executors = ExecutorGroup.await(spark, 0);
    return switch (kind) {
      case SHARED -> new SharedTrainer(model, images, COUNT, BATCH, executors, SEED);
      case ALLREDUCE -> new AllReduceTrainer(model, images, COUNT, BATCH, executors, SEED);
      case AVERAGING -> new AveragingTrainer(model, images, COUNT, BATCH, executors, SEED);
      case LOCAL -> throw new IllegalArgumentException();
    };
  }

  /**
   * Seven minibatches are four averaging rounds. The last has only one minibatch. Training resumed
   * after the first epoch ends like uninterrupted training.
   */
  @ParameterizedTest
  @EnumSource(names = {"SHARED", "ALLREDUCE", "AVERAGING"})
  void trainsLikeTheLocalTrainerAndResumes(TrainerKind kind) throws IOException {
    Dataset<Row> images = TestImages.of(spark, COUNT, 3);
    List<TrainedMinibatch> expected = new ArrayList<>();
    List<TrainedMinibatch> trained = Collections.synchronizedList(new ArrayList<>());
    ByteArrayOutputStream checkpoint = new ByteArrayOutputStream();
    INDArray uninterrupted;
    try (Trainer local = new LocalTrainer(model(), MappedImages.of(images), BATCH, SEED);
        Trainer distributed = distributed(kind, model(), images)) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        local.trainEpoch(epoch, expected::add);
        assertThat(distributed.trainEpoch(epoch, trained::add)).as("drift").isLessThan(1e-5);
        if (epoch == 1) {
          ModelFile.write(distributed.model(), checkpoint);
        }
      }
      assertThat(trained)
          .extracting(TrainedMinibatch::key)
          .containsExactlyElementsOf(expected.stream().map(TrainedMinibatch::key).toList());
      INDArray parameters = local.model().params();
      assertThat(distributed.model().params().distance2(parameters))
          .isLessThan(1e-5 * parameters.norm2Number().doubleValue());
      assertThat(distributed.model().getConfiguration().getIterationCount()).isEqualTo(14);
      assertThat(distributed.model().getConfiguration().getEpochCount()).isEqualTo(2);
      // Moments differ more, because small gradients amplify rounding, which depends on the CPU.
      INDArray moments = local.model().getUpdater().getStateViewArray();
      assertThat(distributed.model().getUpdater().getStateViewArray().distance2(moments))
          .isLessThan(1e-3 * moments.norm2Number().doubleValue());
      uninterrupted = distributed.model().params().dup();
    }
    ComputationGraph afterOneEpoch = ModelFile.read(checkpoint.toByteArray());
    try (Trainer resumed = distributed(kind, afterOneEpoch, images)) {
      resumed.trainEpoch(2, minibatch -> {});
      assertThat(resumed.model().params().distance2(uninterrupted))
          .isLessThan(1e-5 * uninterrupted.norm2Number().doubleValue());
      assertThat(resumed.model().getConfiguration().getIterationCount()).isEqualTo(14);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARED", "ALLREDUCE", "AVERAGING"})
  void divergenceStopsTheEpochAndIsReportedAsLoss(TrainerKind kind) {
    List<TrainedMinibatch> trained = Collections.synchronizedList(new ArrayList<>());
    long start = System.nanoTime();
    try (Trainer trainer =
        distributed(
            kind,
            SmallModels.untrained(new ModelConfig(4, 0.1, 1e308, 0.001, 5)),
            TestImages.of(spark, COUNT, 3))) {
      assertThatThrownBy(() -> trainer.trainEpoch(1, trained::add))
          .isInstanceOf(DivergenceException.class);
    }
    assertThat(trained.get(trained.size() - 1).loss().isFinite()).isFalse();
    assertThat(trained.size()).isLessThan(7);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));
  }
}
