package org.sparkvae.training.spark;

import static org.apache.spark.sql.functions.avg;

import java.io.IOException;
import java.util.Arrays;
import org.apache.commons.lang3.StringUtils;
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
 * An experiment with the choices of {@link SharedTrainer}, which {@code bench/convergence} runs. It
 * trains Model 1 once per variant, in one driver and on the same executors, and prints a table row
 * for each.
 *
 * <p>Arguments: the Parquet table of MNIST, the number of images per split, the number of epochs,
 * and the variants. A variant is a threshold of the parameter server, {@code fixed:} or {@code
 * adaptive:} and a number. It can be followed by {@code @} and the three numbers of a {@link
 * LocalBatch}, separated by commas.
 */
public final class SharedTrainerExperiment {
  private static final ModelConfig MODEL_1 = new ModelConfig(256, 0.01, 0.5, 0.001, 42);
  private static final int BATCH = 100;
  private static final int SEED = 42;

  private SharedTrainerExperiment() {}

  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[1]);
    int epochs = Integer.parseInt(arguments[2]);
    try (SparkSession spark = SparkSessions.start("experiment")) {
      Dataset<Row> train = images(spark, arguments[0], "train", count);
      Dataset<Row> test = images(spark, arguments[0], "test", count);
      ExecutorGroup executors = ExecutorGroup.await(spark, 0);
      for (String variant : Arrays.asList(arguments).subList(3, arguments.length)) {
        String[] parts = StringUtils.split(variant, '@');
        LocalBatch batch =
            parts.length == 1 ? LocalBatch.of(BATCH, executors.count()) : localBatch(parts[1]);
        ComputationGraph model = VaeGraph.untrained(MODEL_1);
        double drift = 0;
        try (SharedTrainer trainer =
            new SharedTrainer(model, train, count, batch, executors, SEED, algorithm(parts[0]))) {
          for (int epoch = 1; epoch <= epochs; epoch++) {
            drift = Math.max(drift, trainer.trainEpoch(epoch, minibatch -> {}));
          }
        } catch (DivergenceException e) {
          System.out.println(row(parts[0], batch) + " diverged | |");
          continue;
        }
        System.out.printf("%s %.4f | %.2f |%n", row(parts[0], batch), testLoss(model, test), drift);
      }
    }
  }

  private static LocalBatch localBatch(String numbers) {
    String[] values = StringUtils.split(numbers, ',');
    return new LocalBatch(
        Integer.parseInt(values[0]), Double.parseDouble(values[1]), Integer.parseInt(values[2]));
  }

  private static String row(String threshold, LocalBatch batch) {
    return "| `%s` | %d | %.2f | %d |"
        .formatted(threshold, batch.size(), batch.stepScale(), batch.sendInterval());
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
