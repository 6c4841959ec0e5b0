package org.sparkvae.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The ids of a DataFrame of images.
 *
 * @param count how many rows have one
 * @param distinct how many of them differ
 * @param lowest null where there is none
 * @param highest likewise
 */
public record ImageIds(long count, long distinct, Integer lowest, Integer highest) {
  private static final String ID = "image_id";

  /** Counts them, in one Spark job. */
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

  /** Whether each of 0 … count − 1 is there once, and one at least. */
  public boolean areEachThereOnce() {
    return count > 0 && distinct == count && lowest == 0 && highest == count - 1;
  }

  @Override
  public String toString() {
    return "%d rows with %d distinct ids from %s to %s".formatted(count, distinct, lowest, highest);
  }
}
