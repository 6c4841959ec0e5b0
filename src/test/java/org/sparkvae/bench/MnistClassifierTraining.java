package org.sparkvae.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.ClassifierTrainer;
import org.sparkvae.evaluation.DigitClassifier;
import org.sparkvae.evaluation.MnistClassifier;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.mnist.ImageTable;
import org.sparkvae.mnist.MnistSource;
import org.sparkvae.mnist.Split;
import org.sparkvae.spark.SparkSessions;

/**
 * The Java process of {@code bench/train-classifier}. It trains the classifier of the jar on MNIST
 * and writes its resources.
 *
 * <p>Arguments: directory of the resources, directory for temporary files.
 */
public final class MnistClassifierTraining {
  private MnistClassifierTraining() {}

  public static void main(String[] arguments) throws IOException {
    Path resources = Path.of(arguments[0]);
    IdxSet mnist =
        MnistSource.locate(
            Optional.empty(), CacheDirectory.ofUser().resolve("mnist"), System.err::println);
    String table = ImageTable.path(arguments[1], mnist);
    ImageTable.write(mnist, table, arguments[1], new Configuration());
    try (SparkSession spark = SparkSessions.start("train-classifier")) {
      TrainedClassifier classifier =
          ClassifierTrainer.train(
              images(spark, table, Split.TRAIN), images(spark, table, Split.TEST), count -> {});
      Files.createDirectories(resources);
      Files.write(resources.resolve(MnistClassifier.ARCHIVE), classifier.archive());
      MnistClassifier.Description description =
          new MnistClassifier.Description(
              DigitClassifier.VERSION,
              mnist.checksum(),
              classifier.weightsChecksum(),
              classifier.testAccuracy());
      String json =
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(description);
      Files.writeString(resources.resolve(MnistClassifier.DESCRIPTION), json + "\n");
      System.out.println(json);
    }
  }

  private static Dataset<Row> images(SparkSession spark, String table, Split split) {
    return ImageTable.read(spark, table, split, 0);
  }
}
