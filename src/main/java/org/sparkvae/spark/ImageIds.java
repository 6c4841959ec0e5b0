package org.sparkvae.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Statistics of the ids in a DataFrame of images.
 *
 * @param count the number of rows with an id
 * @param distinct the number of distinct ids
 * @param lowest the lowest id, or null if there is none
 * @param highest the highest id, or null if there is none
 */
public record ImageIds(long count, long distinct, Integer lowest, Integer highest) {
  private static final String ID = "image_id";

  /** Computes the statistics in one Spark job. */
  public static ImageIds of(Dataset<Row> images) {
    Row ids =
        images
            .agg(
                functions.count(ID),
                functions.countDistinct(ID),
                functions.min(ID),
                functions.max(ID))
            .head();
    return new ImageIds(ids.getLong(0), ids.getLong(1), ids.getAs(2), ids.getAs(3));
  }

  /** Returns whether there are rows and each of 0 … count − 1 occurs exactly once. */
  public boolean areComplete() {
    return count > 0 && distinct == count && lowest == 0 && highest == count - 1;
  }

  @Override
  public String toString() {
    return "%d rows with %d distinct ids from %s to %s".formatted(count, distinct, lowest, highest);
  }
}
