package org.sparkvae.evaluation;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.ClassifierCache.Trained;
import org.sparkvae.evaluation.DigitClassifier.Judgement;
import org.sparkvae.model.Pixels;
import org.sparkvae.model.cpu.KernelThreadPool;

/** Trains a {@link DigitClassifier} in the calling process, and measures it. */
public final class ClassifierTrainer {
  /** Whatever the machine has, so that the same images give the same classifier. */
  private static final int THREADS = 2;

  /** As MNIST has: it learns no more from more, and they are in the memory of this process. */
  static final int MOST_TRAIN = 60_000;

  private static final int MOST_TEST = 10_000;

  private ClassifierTrainer() {}

  /** Images in memory, in the order of their ids: the first of a set. */
  // Never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Labelled(byte[][] images, int[] labels) {
    static Labelled first(Dataset<Row> set, int most) {
      List<Row> rows =
          new ArrayList<>(
              set.where(col("image_id").lt(most))
                  .select("image_id", "label", "pixels")
                  .collectAsList());
      rows.sort(Comparator.comparing(row -> row.getInt(0)));
      return new Labelled(
          rows.stream().map(row -> row.<byte[]>getAs(2)).toArray(byte[][]::new),
          rows.stream().mapToInt(row -> row.getInt(1)).toArray());
    }
  }

  /**
   * Trains on the first {@value #MOST_TRAIN} images of one split, and measures the accuracy on the
   * first {@value #MOST_TEST} of the other.
   *
   * @param train images with columns {@code image_id}, {@code label} and {@code pixels}
   * @param test likewise
   * @param progress hears of so many more images, {@link #steps} in all
   */
  public static Trained train(Dataset<Row> train, Dataset<Row> test, IntConsumer progress) {
    Labelled known = Labelled.first(train, MOST_TRAIN);
    Labelled asked = Labelled.first(test, MOST_TEST);
    return KernelThreadPool.on(
        THREADS,
        () -> {
          DigitClassifier classifier =
              silently(() -> DigitClassifier.train(known.images(), known.labels(), progress));
          try {
            return new Trained(classifier.write(), accuracy(classifier, asked));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** How many images are trained on, each as often as there are epochs, of a split of so many. */
  public static long steps(int trainCount) {
    return (long) DigitClassifier.EPOCHS * Math.min(MOST_TRAIN, trainCount);
  }

  /** SameDiff tells standard output of each operation that it differentiates. */
  private static <T> T silently(Supplier<T> work) {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      return work.get();
    } finally {
      System.setOut(out);
    }
  }

  private static double accuracy(DigitClassifier classifier, Labelled asked) {
    List<Judgement> judgements = new ArrayList<>();
    List<byte[]> images = List.of(asked.images());
    for (int from = 0; from < images.size(); from += DigitClassifier.MINIBATCH) {
      List<byte[]> some =
          images.subList(from, Math.min(from + DigitClassifier.MINIBATCH, images.size()));
      judgements.addAll(classifier.judge(some.stream().map(Pixels::greys).toArray(float[][]::new)));
    }
    return GenerativeMetrics.accuracy(judgements, asked.labels());
  }
}
