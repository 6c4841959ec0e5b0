package org.sparkvae.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.HadoopFolder;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.mnist.ImageTable;
import org.sparkvae.mnist.MnistSource;
import org.sparkvae.mnist.Split;
import org.sparkvae.spark.ImageCheck;
import org.sparkvae.spark.ImageColumn;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.storage.HadoopSettings;
import org.sparkvae.storage.Storage;

/** The stage that checks the images and writes them as Parquet for all later stages. */
public final class DataStage {
  /** The age at which the temporary files of other processes count as leftover. */
  private static final Duration MAX_WRITE_TIME = Duration.ofDays(1);

  private DataStage() {}

  /**
   * Finds the data set, downloads it if necessary, and checks it. Nothing is written for the run.
   *
   * @param directory directory or URI with IDX files, or empty for MNIST
   */
  public static IdxSet locate(Optional<String> directory, Reporter reporter) {
    if (directory.filter(HadoopFolder::isUri).isPresent()) {
      return HadoopFolder.verify(directory.get());
    }
    return MnistSource.locate(
        directory.map(Path::of), CacheDirectory.ofUser().resolve("mnist"), reporter::info);
  }

  /**
   * Writes the images as Parquet unless the table exists, and returns its path. The temporary files
   * are in the directory of all tables, so several processes can write at the same time.
   *
   * @param output the directory that contains all runs
   */
  public static String write(IdxSet set, String output, Reporter reporter) {
    Storage tables = Storage.at(ImageTable.folder(output));
    tables.deleteTemporaryFiles(MAX_WRITE_TIME);
    return write(set, output, tables.toString(), reporter);
  }

  /**
   * Writes the images as Parquet unless the table exists, and returns its path.
   *
   * @param output the directory that contains all runs
   * @param temporaryParent the directory for temporary files; the caller deletes leftover ones
   */
  static String write(IdxSet set, String output, String temporaryParent, Reporter reporter) {
    String table = ImageTable.path(output, set);
    reporter.info(
        "%s: %,d training and %,d test images in %s"
            .formatted(set.name(), set.count(Split.TRAIN), set.count(Split.TEST), table));
    ImageTable.write(set, table, temporaryParent, HadoopSettings.shared());
    return table;
  }

  /**
   * Reads the images after checking that the table is complete.
   *
   * @param limit maximum number of images of each split, or 0 for all
   * @throws InputDataException if the table is damaged or incomplete
   */
  static RunImages read(SparkSession spark, String table, IdxSet set, int limit) {
    checkComplete(spark, table, set);
    RunImages.FullSet fullSet =
        new RunImages.FullSet(
            ImageTable.read(spark, table, Split.TRAIN, 0),
            set.count(Split.TRAIN),
            ImageTable.read(spark, table, Split.TEST, 0),
            set.checksum());
    return new RunImages(
        ImageTable.read(spark, table, Split.TRAIN, limit),
        count(set, Split.TRAIN, limit),
        ImageTable.read(spark, table, Split.TEST, limit),
        count(set, Split.TEST, limit),
        fullSet);
  }

  /**
   * Reads the whole table once to detect damage before training starts. Spark itself accepts an
   * empty file as one without rows, a missing column as one of nulls, and images of any size.
   */
  private static void checkComplete(SparkSession spark, String table, IdxSet set) {
    Map<String, ImageCheck> checks = check(spark, table);
    for (Split split : Split.values()) {
      checks
          .getOrDefault(split.toString(), ImageCheck.NO_ROWS)
          .problem(set.count(split))
          .ifPresent(
              problem -> {
                throw new InputDataException(
                    "%s: split=%s: %s. Delete this directory and recreate it with: submit/sparkvae data"
                        .formatted(table, split, problem));
              });
    }
  }

  private static Map<String, ImageCheck> check(SparkSession spark, String table) {
    try {
      return ImageCheck.ofDistinctIdsBySplit(
          ImageTable.read(spark, table), ImageColumn.LABEL, ImageColumn.PIXELS);
    } catch (Exception e) {
      RuntimeException translated = SparkErrors.translate(e);
      if (translated instanceof InputDataException && !translated.getMessage().contains(table)) {
        // Spark does not name the file if its footer is damaged.
        throw new InputDataException(
            "%s: a file is damaged. Delete this directory and recreate it with: submit/sparkvae data"
                .formatted(table),
            e);
      }
      throw translated;
    }
  }

  private static int count(IdxSet set, Split split, int limit) {
    return limit == 0 ? set.count(split) : Math.min(limit, set.count(split));
  }
}
