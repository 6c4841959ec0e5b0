package org.sparkvae.spark;

import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.sparkvae.image.ImageShape;

/** A column of images or of their reconstructions, and the values that it can have. */
public enum ImageColumn {
  IMAGE_ID("a number", "%s IS NOT NULL"),
  LABEL("a number from 0 to 9", "%s BETWEEN 0 AND 9"),
  PIXELS(Text.BYTES, Text.HAS_ALL_BYTES),
  ORIGINAL(Text.BYTES, Text.HAS_ALL_BYTES),
  RECONSTRUCTION(
      "%d numbers from 0 to 1".formatted(ImageShape.PIXELS),
      // array_contains returns null if a value is null. The other functions ignore nulls.
      ("size(%%1$s) = %d AND array_min(%%1$s) >= 0 AND array_max(%%1$s) <= 1"
              + " AND NOT array_contains(%%1$s, float(2))")
          .formatted(ImageShape.PIXELS)),
  BCE("a number", "%s IS NOT NULL"),
  KL("a number", "%s IS NOT NULL");

  private final String expected;
  private final String condition;

  ImageColumn(String expected, String condition) {
    this.expected = expected;
    this.condition = condition.formatted(columnName());
  }

  /** Returns the column's name in a DataFrame. */
  String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns an aggregate: the number of rows with an invalid value. */
  Column invalidCount() {
    return functions.expr("count_if(NOT coalesce(%s, false))".formatted(condition));
  }

  /**
   * Describes invalid values in words.
   *
   * @param invalid the number of rows with an invalid value
   * @param rows the rows that were checked, such as {@code 60 rows}
   */
  public String problem(long invalid, String rows) {
    return "column '%s': expected %s in each row, found null or another value in %,d of %s"
        .formatted(columnName(), expected, invalid, rows);
  }

  /** Constants, which an enum cannot declare before its values. */
  private static final class Text {
    static final String BYTES =
        "%d bytes (%d×%d pixels, row by row)"
            .formatted(ImageShape.PIXELS, ImageShape.ROWS, ImageShape.COLUMNS);
    static final String HAS_ALL_BYTES = "length(%s) = " + ImageShape.PIXELS;
  }
}
