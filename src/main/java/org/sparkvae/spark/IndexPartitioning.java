package org.sparkvae.spark;

import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * Partitioning of a DataFrame by the index of a partition. Unlike range partitioning, it does not
 * sample the rows first.
 */
public final class IndexPartitioning {
  /** The seed of Spark's hash partitioning. */
  private static final int SPARK_HASH_SEED = 42;

  private IndexPartitioning() {}

  /**
   * Moves each row to a given partition. Rows whose index is null or out of range are all in one
   * partition.
   *
   * @param index an expression for the index of a row's partition, from 0 to partitions − 1
   */
  public static Dataset<Row> apply(Dataset<Row> rows, int partitions, Column index) {
    return rows.repartition(partitions, get(lit(keys(partitions)), index.cast("int")));
  }

  /** Returns, for each partition, a number that Spark hashes to it. */
  static int[] keys(int partitions) {
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
