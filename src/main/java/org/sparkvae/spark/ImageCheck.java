package org.sparkvae.spark;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Checks a DataFrame in one Spark job.
   *
   * @param columns the columns to check besides {@code image_id}
   */
  public static ImageCheck of(Dataset<Row> images, ImageColumn... columns) {
    return of(images, countDistinct(ID), columns);
  }

  /**
   * Checks a DataFrame whose ids are known to be distinct. This is faster, because it needs no
   * shuffle.
   *
   * @param columns the columns to check besides {@code image_id}
   */
  public static ImageCheck ofDistinctIds(Dataset<Row> images, ImageColumn... columns) {
    return of(images, count(ID), columns);
  }

  private static ImageCheck of(Dataset<Row> images, Column distinctIds, ImageColumn... columns) {
    List<Column> idStatistics = List.of(distinctIds, min(ID), max(ID));
    List<ImageColumn> checked =
        Stream.concat(Stream.of(ImageColumn.IMAGE_ID), Stream.of(columns)).toList();
    Row result =
        images
            .agg(
                count(lit(1)),
                Stream.concat(
                        idStatistics.stream(), checked.stream().map(ImageColumn::invalidCount))
                    .toArray(Column[]::new))
            .head();
    Map<ImageColumn, Long> invalid = new LinkedHashMap<>();
    for (int i = 0; i < checked.size(); i++) {
      long rows = result.getLong(1 + idStatistics.size() + i);
      if (rows > 0) {
        invalid.put(checked.get(i), rows);
      }
    }
    return new ImageCheck(
        result.getLong(0), result.getLong(1), result.getAs(2), result.getAs(3), invalid);
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
