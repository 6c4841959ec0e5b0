package org.sparkvae.reconstruction;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.spark.BatchInference;
import org.sparkvae.spark.IndexPartitioning;

/**
 * The layout of reconstructions in Parquet files. It does not depend on the number of cores.
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
  private static final int IMAGES_PER_FILE = 50 * BatchInference.BATCH_SIZE;

  /** The options of Spark's Parquet writer. */
  static final Map<String, String> WRITER_OPTIONS =
      Map.of(
          "parquet.block.size",
          String.valueOf(ROW_GROUP_BYTES),
          // Nearly all values differ. Parquet would try a dictionary for each row group and drop
          // it, which doubled the time to write.
          "parquet.enable.dictionary#reconstruction.list.element",
          "false",
          "parquet.enable.dictionary#original",
          "false",
          "parquet.bloom.filter.enabled#image_id",
          "true",
          "parquet.bloom.filter.expected.ndv#image_id",
          String.valueOf(IMAGES_PER_ROW_GROUP));

  private ParquetLayout() {}

  /**
   * Moves the images of each file into one partition, sorted by id. A minibatch of {@link
   * BatchInference} is in one file.
   *
   * @param images a DataFrame with columns {@code split} and {@code image_id}, 0 … count − 1 in
   *     each split
   * @param counts the number of images in each split
   */
  static Dataset<Row> partition(Dataset<Row> images, Map<String, Integer> counts) {
    Column file = lit(null);
    int files = 0;
    for (Map.Entry<String, Integer> split : counts.entrySet()) {
      Column inSplit = expr("image_id div " + IMAGES_PER_FILE).plus(lit(files));
      file = when(col("split").equalTo(split.getKey()), inSplit).otherwise(file);
      files += (split.getValue() + IMAGES_PER_FILE - 1) / IMAGES_PER_FILE;
    }
    return IndexPartitioning.apply(images, files, file).sortWithinPartitions("image_id");
  }

  /** Sorts the rows of each file by label and id. All of them have the same split. */
  static Dataset<Row> sort(Dataset<Row> rows) {
    // Spark's writer would sort again if the order did not begin with the partition's column.
    return rows.sortWithinPartitions("split", "label", "image_id");
  }
}
