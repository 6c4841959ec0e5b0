package org.sparkvae.reconstruction;

import static org.apache.spark.sql.functions.expr;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.spark.IndexPartitioning;

/**
 * The layout of reconstructions in Parquet files. It does not depend on the number of tasks.
 *
 * <p>A file contains a range of ids, sorted by label. A reader finds the row groups of one digit by
 * their label statistics, and those of one image by their Bloom filters of ids. See
 * docs/guide/reading-parquet.md for the amounts of data read.
 */
final class ParquetLayout {
  /**
   * 1.5 MiB, about 450 images. A file has about 500 of each digit. Smaller row groups make it
   * expensive to read a single column.
   */
  private static final int ROW_GROUP_BYTES = 3 << 19;

  private static final int IMAGES_PER_ROW_GROUP = 500;

  /**
   * About 17 MB. One task reconstructs the images of a file, so larger files would leave cores
   * without work.
   */
  private static final int IMAGES_PER_FILE = 10 * IMAGES_PER_ROW_GROUP;

  /** The options of Spark's Parquet writer. */
  static final Map<String, String> WRITER_OPTIONS =
      Map.of(
          "parquet.block.size",
          String.valueOf(ROW_GROUP_BYTES),
          // Nearly all values differ. Parquet would try a dictionary for each row group and drop
          // it, which doubled the time to write.
          "parquet.enable.dictionary#reconstruction.list.element",
          "false",
          "parquet.bloom.filter.enabled#image_id",
          "true",
          "parquet.bloom.filter.expected.ndv#image_id",
          String.valueOf(IMAGES_PER_ROW_GROUP));

  private ParquetLayout() {}

  /**
   * Moves the images of each file into one partition, sorted by id.
   *
   * @param images a DataFrame with a column {@code image_id}, 0 … count − 1
   */
  static Dataset<Row> partition(Dataset<Row> images, int count) {
    int files = (count + IMAGES_PER_FILE - 1) / IMAGES_PER_FILE;
    return IndexPartitioning.apply(images, files, expr("image_id div " + IMAGES_PER_FILE))
        .sortWithinPartitions("image_id");
  }

  /** Sorts the rows of each file by label and id. */
  static Dataset<Row> sort(Dataset<Row> rows) {
    return rows.sortWithinPartitions("label", "image_id");
  }
}
