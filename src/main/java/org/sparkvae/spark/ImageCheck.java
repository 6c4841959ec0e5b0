package org.sparkvae.spark;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The check of a DataFrame of images at the point where it enters the program.
 *
 * @param rows the number of rows
 * @param distinctIds the number of distinct ids
 * @param lowestId the lowest id, or null if there is none
 * @param highestId the highest id, or null if there is none
 * @param invalid the number of rows with an invalid value, by column; other columns are absent
 */
public record ImageCheck(
    long rows,
    long distinctIds,
    Integer lowestId,
    Integer highestId,
    Map<ImageColumn, Long> invalid) {
  private static final String ID = ImageColumn.IMAGE_ID.columnName();

  /** The check of a DataFrame without rows. */
  public static final ImageCheck NO_ROWS = new ImageCheck(0, 0, null, null, Map.of());

  /**
   * Checks a DataFrame in one Spark job.
   *
   * @param columns the columns to check besides {@code image_id}
   */
  public static ImageCheck of(Dataset<Row> images, ImageColumn... columns) {
    Row result = images.agg(count(lit(1)), statistics(countDistinct(ID), columns)).head();
    return of(result, 0, columns);
  }

  /**
   * Checks each split of a DataFrame whose ids are known to be distinct, in one Spark job. This is
   * faster, because no ids are shuffled.
   *
   * @param images a DataFrame with a column {@code split}
   * @param columns the columns to check besides {@code image_id}
   * @return the checks by split. Splits without rows are absent
   */
  public static Map<String, ImageCheck> ofDistinctIdsBySplit(
      Dataset<Row> images, ImageColumn... columns) {
    return images
        .groupBy("split")
        .agg(count(lit(1)), statistics(count(ID), columns))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(result -> result.getString(0), result -> of(result, 1, columns)));
  }

  private static Column[] statistics(Column distinctIds, ImageColumn... columns) {
    return Stream.concat(
            Stream.of(distinctIds, min(ID), max(ID)),
            checked(columns).map(ImageColumn::invalidCount))
        .toArray(Column[]::new);
  }

  private static Stream<ImageColumn> checked(ImageColumn... columns) {
    return Stream.concat(Stream.of(ImageColumn.IMAGE_ID), Stream.of(columns));
  }

  /** Returns the check for a row with the number of images and the statistics. */
  private static ImageCheck of(Row result, int first, ImageColumn... columns) {
    Map<ImageColumn, Long> invalid = new LinkedHashMap<>();
    int index = first + 4;
    for (ImageColumn column : checked(columns).toList()) {
      long rows = result.getLong(index++);
      if (rows > 0) {
        invalid.put(column, rows);
      }
    }
    return new ImageCheck(
        result.getLong(first),
        result.getLong(first + 1),
        result.getAs(first + 2),
        result.getAs(first + 3),
        invalid);
  }

  /**
   * Describes the first problem in words: there are no rows, a value is invalid, or the ids are not
   * 0 … n − 1, each once. Returns empty if there is none.
   */
  public Optional<String> problem() {
    if (rows == 0) {
      return Optional.of("found no rows, expected at least one image");
    }
    if (!invalid.isEmpty()) {
      Map.Entry<ImageColumn, Long> first = invalid.entrySet().iterator().next();
      return Optional.of(first.getKey().problem(first.getValue(), "%,d rows".formatted(rows)));
    }
    return distinctIds == rows && lowestId == 0 && highestId == rows - 1
        ? Optional.empty()
        : Optional.of(
            "column '%s': expected each of 0 … n − 1 once, found %,d rows with %,d distinct ids from %d to %d"
                .formatted(
                    ImageColumn.IMAGE_ID.columnName(), rows, distinctIds, lowestId, highestId));
  }

  /**
   * Describes the first problem in words, or another number of rows than expected. Returns empty if
   * there is none.
   */
  public Optional<String> problem(long expectedRows) {
    return rows == expectedRows
        ? problem()
        : Optional.of("found %,d images, expected %,d".formatted(rows, expectedRows));
  }
}
