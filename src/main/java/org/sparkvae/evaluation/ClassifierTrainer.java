package org.sparkvae.evaluation;

import static org.apache.spark.sql.functions.col;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.commons.io.function.Uncheck;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.model.Pixels;
import org.sparkvae.model.cpu.KernelThreadPool;

/** Training and measurement of a {@link DigitClassifier} in the calling process. */
public final class ClassifierTrainer {
  /** The number of threads. It is fixed, so that results do not depend on the number of cores. */
  private static final int THREADS = 2;

  /**
   * The maximum number of training images, which is the size of MNIST. More images would not
   * improve the classifier, and all are held in memory.
   */
  static final int MAX_TRAINING_IMAGES = 60_000;

  private static final int MAX_TEST_IMAGES = 10_000;

  private ClassifierTrainer() {}

  /** The first images of a split, in memory and by id. */
  record LabeledImages(byte[][] images, int[] labels) {
    static LabeledImages firstOf(Dataset<Row> split, int limit) {
      List<Row> rows =
          new ArrayList<>(
              split
                  .where(col("image_id").lt(limit))
                  .select("image_id", "label", "pixels")
                  .collectAsList());
      rows.sort(Comparator.comparing(row -> row.getInt(0)));
      return new LabeledImages(
          rows.stream().map(row -> row.<byte[]>getAs(2)).toArray(byte[][]::new),
          rows.stream().mapToInt(row -> row.getInt(1)).toArray());
    }
  }

  /**
   * Trains on the first {@value #MAX_TRAINING_IMAGES} images of {@code train} and measures the
   * accuracy on the first {@value #MAX_TEST_IMAGES} of {@code test}.
   *
   * @param train training images with columns {@code image_id}, {@code label} and {@code pixels}
   * @param test test images with the same columns
   * @param progress receives the number of images in each minibatch, {@link #progressTotal} in
   *     total
   */
  public static TrainedClassifier train(
      Dataset<Row> train, Dataset<Row> test, IntConsumer progress) {
    LabeledImages trainingImages = LabeledImages.firstOf(train, MAX_TRAINING_IMAGES);
    LabeledImages testImages = LabeledImages.firstOf(test, MAX_TEST_IMAGES);
    return KernelThreadPool.runWithOpenMpThreads(
        THREADS,
        () -> {
          DigitClassifier classifier =
              withoutStandardOutput(
                  () ->
                      DigitClassifier.train(
                          trainingImages.images(), trainingImages.labels(), progress));
          return new TrainedClassifier(
              Uncheck.get(classifier::write),
              accuracy(classifier, testImages.images(), testImages.labels()));
        });
  }

  /** Returns the total progress of the training: the training images used, times the epochs. */
  public static long progressTotal(int trainCount) {
    return (long) DigitClassifier.EPOCHS * Math.min(MAX_TRAINING_IMAGES, trainCount);
  }

  /**
   * Runs the work with standard output discarded, because SameDiff prints every operation that it
   * differentiates.
   */
  private static <T> T withoutStandardOutput(Supplier<T> work) {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      return work.get();
    } finally {
      System.setOut(out);
    }
  }

  /** Returns the share of images whose label the classifier recognizes. */
  public static double accuracy(DigitClassifier classifier, byte[][] images, int[] labels) {
    List<Prediction> predictions = new ArrayList<>();
    for (int from = 0; from < images.length; from += DigitClassifier.MINIBATCH) {
      int to = Math.min(from + DigitClassifier.MINIBATCH, images.length);
      predictions.addAll(
          classifier.predict(
              Arrays.stream(images, from, to).map(Pixels::grayValues).toArray(float[][]::new)));
    }
    return GenerativeMetrics.accuracy(predictions, labels);
  }
}
