package org.sparkvae.reconstruction;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * The layout of reconstructions in Parquet files. It does not depend on the number of tasks.
 *
 * <p>A file contains a range of ids, sorted by label. A reader finds the row groups of one digit by
 * their label statistics, and those of one image by their Bloom filters of ids. See
 * docs/guide/reading-parquet.md for the amounts of data read.
 */
final class ParquetLayout {
  /**
   * 4 MiB, about a thousand images. Smaller row groups make it expensive to read a single column.
   */
  private static final int ROW_GROUP_BYTES = 4 << 20;

  private static final int IMAGES_PER_ROW_GROUP = 1_000;

  /** About 68 MB. In smaller files, digits would share most of their row groups. */
  private static final int IMAGES_PER_FILE = 20 * IMAGES_PER_ROW_GROUP;

  /** The seed of Spark's hash partitioning. */
  private static final int SPARK_HASH_SEED = 42;

  /** The options of Spark's Parquet writer. */
  static final Map<String, String> WRITER_OPTIONS =
      Map.of(
          "parquet.block.size", String.valueOf(ROW_GROUP_BYTES),
          "parquet.bloom.filter.enabled#image_id", "true",
          "parquet.bloom.filter.expected.ndv#image_id", String.valueOf(IMAGES_PER_ROW_GROUP));

  private ParquetLayout() {}

  /**
   * Moves the images of each file into one partition, sorted by label and id.
   *
   * @param rows a DataFrame with columns {@code image_id}, 0 … count − 1, and {@code label}
   */
  static Dataset<Row> apply(Dataset<Row> rows, int count) {
    int files = (count + IMAGES_PER_FILE - 1) / IMAGES_PER_FILE;
    // Range partitioning would sample the rows first and so decode every image twice.
    Column file = expr("image_id div " + IMAGES_PER_FILE).cast("int").plus(lit(1));
    return rows.repartition(files, element_at(lit(partitionKeys(files)), file))
        .sortWithinPartitions(col("label"), col("image_id"));
  }

  /** Returns, for each partition, a number that Spark hashes to it. */
  static int[] partitionKeys(int partitions) {
    int[] keys = new int[partitions];
    boolean[] found = new boolean[partitions];
    int missing = partitions;
    for (int key = 0; missing > 0; key++) {
      int partition = Math.floorMod(Murmur3_x86_32.hashInt(key, SPARK_HASH_SEED), partitions);
      if (!found[partition]) {
        found[partition] = true;
        keys[partition] = key;
        missing--;
      }
    }
    return keys;
  }
}
