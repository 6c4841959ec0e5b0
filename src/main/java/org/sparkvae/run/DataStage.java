package org.sparkvae.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.mnist.ImageTable;
import org.sparkvae.mnist.MnistSource;
import org.sparkvae.mnist.Split;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.storage.Storage;

/** Finds the images, checks them, and writes the Parquet that every later stage reads. */
public final class DataStage {
  /** How long what somebody else has half-written may still become whole. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private DataStage() {}

  /** Finds and checks the images without writing anything for the run. */
  public static IdxSet locate(Optional<Path> directory, Reporter reporter) {
    return MnistSource.locate(directory, CacheDirectory.ofUser().resolve("mnist"), reporter::say);
  }

  /**
   * Writes the images as Parquet, unless they are there already, and returns where they are. Until
   * they are whole they lie beside other sets, where others may be writing too.
   */
  public static String write(IdxSet set, String output, Reporter reporter) {
    Storage tables = Storage.at(ImageTable.folder(output), new Configuration());
    tables.clearLeftovers(PATIENCE);
    return write(set, output, tables.toString(), reporter);
  }

  /**
   * Likewise, for one who has a place of his own.
   *
   * @param aside where they lie until they are whole; leftovers there are the caller's to clear
   */
  static String write(IdxSet set, String output, String aside, Reporter reporter) {
    String table = ImageTable.path(output, set);
    reporter.say(
        "%s: %,d training and %,d test images in %s"
            .formatted(set.name(), set.count(Split.TRAIN), set.count(Split.TEST), table));
    ImageTable.write(set, table, aside, new Configuration());
    return table;
  }

  static RunImages read(SparkSession spark, String table, IdxSet set, int limit) {
    checkComplete(spark, table, set);
    RunImages.WholeSet whole =
        new RunImages.WholeSet(
            read(spark, table, Split.TRAIN, 0),
            set.count(Split.TRAIN),
            read(spark, table, Split.TEST, 0),
            set.checksum());
    return new RunImages(
        read(spark, table, Split.TRAIN, limit),
        count(set, Split.TRAIN, limit),
        read(spark, table, Split.TEST, limit),
        count(set, Split.TEST, limit),
        whole);
  }

  private static Dataset<Row> read(SparkSession spark, String table, Split split, int limit) {
    return ImageTable.read(
        spark, table, split, limit == 0 ? OptionalInt.empty() : OptionalInt.of(limit));
  }

  /**
   * Reads it all once. Spark takes an empty file for one without images, and a column of another
   * name for one without values; a page that is damaged is better met here than while training.
   */
  private static void checkComplete(SparkSession spark, String table, IdxSet set) {
    for (Split split : Split.values()) {
      long images = complete(spark, table, split);
      if (images != set.count(split)) {
        throw new InputDataException(
            "%s has %,d of %,d images in split=%s; delete it and make it anew with: data"
                .formatted(table, images, set.count(split), split));
      }
    }
  }

  /** Counts the images of a split that have everything. */
  private static long complete(SparkSession spark, String table, Split split) {
    try {
      Row counts =
          read(spark, table, split, 0)
              .agg(functions.count("image_id"), functions.count("label"), functions.count("pixels"))
              .head();
      return LongStream.of(counts.getLong(0), counts.getLong(1), counts.getLong(2))
          .min()
          .getAsLong();
    } catch (Exception e) {
      RuntimeException explained = SparkErrors.explained(e);
      if (explained instanceof InputDataException && !explained.getMessage().contains(table)) {
        // Of a footer Spark does not say whose it is.
        throw new InputDataException(
            "a file in %s is damaged; delete it and make it anew with: data".formatted(table), e);
      }
      throw explained;
    }
  }

  private static int count(IdxSet set, Split split, int limit) {
    return limit == 0 ? set.count(split) : Math.min(limit, set.count(split));
  }
}
