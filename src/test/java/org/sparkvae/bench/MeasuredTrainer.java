package org.sparkvae.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Precision;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.SparkSessions;
import org.sparkvae.testing.ProcessStatus;
import org.sparkvae.training.LocalTrainer;
import org.sparkvae.training.MappedImages;
import org.sparkvae.training.Trainer;
import org.sparkvae.training.spark.SharedTrainer;

/**
 * The Java process of {@code bench/beside-pytorch}. It trains one epoch for each line on standard
 * input and then prints the measured times and memory as a line of JSON.
 *
 * <p>Arguments: trainer, layer backend, precision, Parquet table of the training images, number of
 * images per epoch.
 */
public final class MeasuredTrainer {
  private static final int BATCH_SIZE = 100;
  private static final int SEED = 42;

  private MeasuredTrainer() {}

  public static void main(String[] arguments) throws IOException {
    TrainerKind kind = TrainerKind.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    LayerBackend backend = LayerBackend.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    ModelConfig config = model1(Precision.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
    int count = Integer.parseInt(arguments[4]);
    try (SparkSession spark = SparkSessions.start("bench");
        Trainer trainer =
            trainer(kind, config, backend, images(spark, arguments[3], count), count)) {
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      System.out.println("{\"ready\": true}");
      for (int epoch = 1; requests.readLine() != null; epoch++) {
        System.out.println(trainEpoch(trainer, epoch));
      }
    }
  }

  private static ModelConfig model1(Precision precision) {
    return new ModelConfig(
        256, ModelConfig.DECODER_CHANNELS, 0.01, 0.5, 0, 0.001, 1, SEED, precision);
  }

  private static Dataset<Row> images(SparkSession spark, String table, int count) {
    return spark
        .read()
        .parquet(table)
        .select("image_id", "label", "pixels")
        .where("image_id < " + count);
  }

  private static Trainer trainer(
      TrainerKind kind, ModelConfig config, LayerBackend backend, Dataset<Row> images, int count) {
    ComputationGraph model =
        new ComputationGraph(VaeGraph.autoEncoderConfiguration(config, backend));
    model.init();
    return kind == TrainerKind.LOCAL
        ? new LocalTrainer(model, MappedImages.of(images), BATCH_SIZE, SEED)
        : new SharedTrainer(
            model, images, count, BATCH_SIZE, ExecutorGroup.await(images.sparkSession(), 1), SEED);
  }

  private static String trainEpoch(Trainer trainer, int epoch) throws IOException {
    List<Long> stepEnds = Collections.synchronizedList(new ArrayList<>());
    long start = System.nanoTime();
    trainer.trainEpoch(epoch, loss -> stepEnds.add(System.nanoTime()));
    double seconds = (System.nanoTime() - start) / 1e9;
    return "{\"seconds\": %.3f, \"step_ms\": %.1f, \"resident_mb\": %.0f, \"peak_mb\": %.0f}"
        .formatted(seconds, medianStep(stepEnds), megabytes("VmRSS"), megabytes("VmHWM"));
  }

  private static double medianStep(List<Long> stepEnds) {
    List<Long> steps = new ArrayList<>();
    for (int i = 1; i < stepEnds.size(); i++) {
      steps.add(stepEnds.get(i) - stepEnds.get(i - 1));
    }
    Collections.sort(steps);
    return steps.get(steps.size() / 2) / 1e6;
  }

  private static double megabytes(String name) throws IOException {
    return ProcessStatus.of(Path.of("/proc/self"), name) / 1024.0;
  }
}
