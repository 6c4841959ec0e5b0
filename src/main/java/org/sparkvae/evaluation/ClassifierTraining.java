package org.sparkvae.evaluation;

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
import org.sparkvae.model.cpu.Threads;

/** Trains a {@link DigitClassifier} in the calling process, and measures it. */
public final class ClassifierTraining {
  /** Whatever the machine has, so that the same images give the same classifier. */
  private static final int THREADS = 2;

  private ClassifierTraining() {}

  /** Images in memory, in the order of their ids. */
  // Never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Labelled(byte[][] images, int[] labels) {
    static Labelled of(Dataset<Row> set) {
      List<Row> rows = new ArrayList<>(set.select("image_id", "label", "pixels").collectAsList());
      rows.sort(Comparator.comparing(row -> row.getInt(0)));
      return new Labelled(
          rows.stream().map(row -> row.<byte[]>getAs(2)).toArray(byte[][]::new),
          rows.stream().mapToInt(row -> row.getInt(1)).toArray());
    }
  }

  /**
   * Trains on one split and measures the accuracy on the other.
   *
   * @param train images with columns {@code image_id}, {@code label} and {@code pixels}
   * @param test likewise
   * @param progress hears of so many more images; of each training image as often as there are
   *     {@link DigitClassifier#EPOCHS}
   */
  public static Trained train(Dataset<Row> train, Dataset<Row> test, IntConsumer progress) {
    Labelled known = Labelled.of(train);
    Labelled asked = Labelled.of(test);
    return Threads.on(
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
    return Recognition.accuracy(judgements, asked.labels());
  }
}
