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
 * How published images lie in files: the same however many tasks made them. A file holds a range of
 * ids, ordered by label; what is in a row group can be told from its statistics (the label) and its
 * Bloom filter (the id), so that one digit or one image needs few of them. docs/reading-parquet.md
 * has what that saves.
 */
final class ParquetLayout {
  /** Of 4 MiB, some thousand images: smaller ones make reading one column dear. */
  private static final int ROW_GROUP_BYTES = 4 << 20;

  private static final int IMAGES_OF_A_ROW_GROUP = 1_000;

  /** Some 68 MB. Fewer, and a digit would share most of its row groups. */
  private static final int IMAGES_OF_A_FILE = 20 * IMAGES_OF_A_ROW_GROUP;

  /** Where Spark's own hash begins. */
  private static final int SEED = 42;

  /** Of Spark's Parquet writer. */
  static final Map<String, String> OPTIONS =
      Map.of(
          "parquet.block.size", String.valueOf(ROW_GROUP_BYTES),
          "parquet.bloom.filter.enabled#image_id", "true",
          "parquet.bloom.filter.expected.ndv#image_id", String.valueOf(IMAGES_OF_A_ROW_GROUP));

  private ParquetLayout() {}

  /**
   * Brings each file's images into one partition, in their order.
   *
   * @param rows with columns {@code image_id}, 0 … count − 1, and {@code label}
   */
  static Dataset<Row> of(Dataset<Row> rows, int count) {
    int files = (count + IMAGES_OF_A_FILE - 1) / IMAGES_OF_A_FILE;
    // Ranges would have Spark look at a sample, and so decode everything twice.
    Column file = expr("image_id div " + IMAGES_OF_A_FILE).cast("int").plus(lit(1));
    return rows.repartition(files, element_at(lit(keys(files)), file))
        .sortWithinPartitions(col("label"), col("image_id"));
  }

  /** A number for each partition that Spark's hash sends there. */
  static int[] keys(int partitions) {
    int[] keys = new int[partitions];
    boolean[] found = new boolean[partitions];
    int missing = partitions;
    for (int key = 0; missing > 0; key++) {
      int partition = Math.floorMod(Murmur3_x86_32.hashInt(key, SEED), partitions);
      if (!found[partition]) {
        found[partition] = true;
        keys[partition] = key;
        missing--;
      }
    }
    return keys;
  }
}
