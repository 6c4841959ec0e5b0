package org.sparkvae.training.spark;

import static org.apache.spark.sql.functions.avg;

import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.ThresholdAlgorithm;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkSessions;

/**
 * An experiment with thresholds of the parameter server, which {@code bench/convergence} runs. It
 * trains Model 1 once per threshold, in one driver and on the same executors, and prints a table
 * row for each.
 *
 * <p>Arguments: the Parquet table of MNIST, the number of images per split, the number of epochs,
 * and the thresholds. Each threshold is {@code fixed:} or {@code adaptive:} followed by a number.
 */
public final class ThresholdExperiment {
  private static final ModelConfig MODEL_1 = new ModelConfig(256, 0.01, 0.5, 0.001, 42);
  private static final int BATCH = 100;
  private static final int SEED = 42;

  private ThresholdExperiment() {}

  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[1]);
    int epochs = Integer.parseInt(arguments[2]);
    try (SparkSession spark = SparkSessions.start("threshold")) {
      Dataset<Row> train = images(spark, arguments[0], "train", count);
      Dataset<Row> test = images(spark, arguments[0], "test", count);
      ExecutorGroup executors = ExecutorGroup.await(spark, 0);
      for (String threshold : Arrays.asList(arguments).subList(3, arguments.length)) {
        ComputationGraph model = VaeGraph.untrained(MODEL_1);
        double drift = 0;
        try (SharedTrainer trainer =
            new SharedTrainer(
                model,
                train,
                count,
                LocalBatch.of(BATCH, executors.count()),
                executors,
                SEED,
                algorithm(threshold))) {
          for (int epoch = 1; epoch <= epochs; epoch++) {
            drift = Math.max(drift, trainer.trainEpoch(epoch, minibatch -> {}));
          }
        } catch (DivergenceException e) {
          System.out.printf("| `%s` | diverged | |%n", threshold);
          continue;
        }
        System.out.printf("| `%s` | %.4f | %.2f |%n", threshold, testLoss(model, test), drift);
      }
    }
  }

  private static ThresholdAlgorithm algorithm(String threshold) {
    double value = Double.parseDouble(threshold.substring(threshold.indexOf(':') + 1));
    return threshold.startsWith("adaptive:")
        ? new AdaptiveThresholdAlgorithm(value)
        : new FixedThresholdAlgorithm(value);
  }

  private static Dataset<Row> images(SparkSession spark, String table, String split, int count) {
    return spark
        .read()
        .parquet(table + "/split=" + split)
        .select("image_id", "label", "pixels")
        .where("image_id < " + count);
  }

  private static double testLoss(ComputationGraph model, Dataset<Row> test) throws IOException {
    Row means =
        DataFrameReconstructor.reconstruct(test, ModelFile.forInference(model), Latent.SAMPLE, SEED)
            .agg(avg("bce"), avg("kl"))
            .head();
    return means.getDouble(0) + MODEL_1.regularizationTerm(means.getDouble(1));
  }
}
