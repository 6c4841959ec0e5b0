package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.Architecture;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.spark.Executors;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.training.ImageStore;
import org.sparkvae.training.LocalTrainer;
import org.sparkvae.training.TrainedMinibatch;
import org.sparkvae.training.Trainer;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AveragingTrainerTest {
  private static final int COUNT = 75;
  private static final int BATCH = 10;
  private static final int SEED = 5;

  private final SparkSession spark = LocalSpark.session();

  private static ComputationGraph model() {
    ComputationGraph model =
        new ComputationGraph(VaeGraph.autoEncoder(new Architecture(4, 0.1, 0.5, 0.001, 5)));
    model.init();
    return model;
  }

  /** Two rounds, the second of three minibatches: neither may show. */
  @Test
  void oneWorkerTrainsAsTheBaselineDoes() {
    Dataset<Row> images = TestImages.of(spark, COUNT, 3);
    List<TrainedMinibatch> expected = new ArrayList<>();
    List<TrainedMinibatch> trained = Collections.synchronizedList(new ArrayList<>());
    try (Trainer local = new LocalTrainer(model(), ImageStore.of(images), BATCH, SEED);
        Trainer averaging =
            new AveragingTrainer(model(), images, COUNT, BATCH, Executors.await(spark, 0), SEED)) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        local.epoch(epoch, expected::add);
        averaging.epoch(epoch, trained::add);
      }
      assertThat(trained)
          .extracting(TrainedMinibatch::key)
          .containsExactlyElementsOf(expected.stream().map(TrainedMinibatch::key).toList());
      INDArray parameters = local.model().params();
      assertThat(averaging.model().params().distance2(parameters))
          .isLessThan(1e-5 * parameters.norm2Number().doubleValue());
      assertThat(averaging.model().getConfiguration().getIterationCount()).isEqualTo(16);
      assertThat(averaging.model().getConfiguration().getEpochCount()).isEqualTo(2);
      INDArray moments = local.model().getUpdater().getStateViewArray();
      assertThat(averaging.model().getUpdater().getStateViewArray().distance2(moments))
          .isLessThan(1e-4 * moments.norm2Number().doubleValue());
    }
  }
}
