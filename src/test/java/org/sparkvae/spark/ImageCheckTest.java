package org.sparkvae.spark;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ImageCheckTest {
  private static final int COUNT = 20;

  /** Returns valid rows with all columns, with the values of some rows replaced. */
  private static Dataset<Row> rows(Map<String, String> replacements) {
    Dataset<Row> rows =
        TestImages.of(LocalSpark.session(), COUNT, 2)
            .selectExpr(
                "image_id",
                "label",
                "pixels",
                "pixels AS original",
                "array_repeat(CAST(0.5 AS FLOAT), 784) AS reconstruction",
                "CAST(0.1 AS FLOAT) AS bce",
                "CAST(20 AS FLOAT) AS kl");
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      rows = rows.withColumn(replacement.getKey(), expr(replacement.getValue()));
    }
    return rows;
  }

  private static ImageCheck check(Map<String, String> replacements) {
    return ImageCheck.of(rows(replacements), ImageColumn.values());
  }

  @Test
  void acceptsValidRows() {
    ImageCheck check = check(Map.of());
    assertThat(check).isEqualTo(new ImageCheck(COUNT, COUNT, 0, COUNT - 1, Map.of()));
    assertThat(check.problem(COUNT)).isEmpty();
    assertThat(check.problem(COUNT + 1)).contains("found 20 images, expected 21");
  }

  @Test
  void countsTheInvalidValuesOfEveryColumn() {
    Map<String, String> replacements =
        Map.of(
            "label", "CASE image_id WHEN 0 THEN -1 WHEN 1 THEN 10 WHEN 2 THEN NULL ELSE label END",
            "pixels", "IF(image_id < 4, substring(pixels, 2), pixels)",
            "original",
                "CASE image_id WHEN 4 THEN concat(original, original) WHEN 5 THEN NULL ELSE original END",
            "reconstruction",
                """
                CASE image_id
                  WHEN 0 THEN NULL
                  WHEN 1 THEN slice(reconstruction, 1, 783)
                  WHEN 2 THEN concat(reconstruction, reconstruction)
                  WHEN 3 THEN array_repeat(CAST('NaN' AS FLOAT), 784)
                  WHEN 4 THEN array_repeat(CAST(1.1 AS FLOAT), 784)
                  WHEN 5 THEN array_repeat(CAST(-0.1 AS FLOAT), 784)
                  WHEN 6 THEN array_repeat(CAST(NULL AS FLOAT), 784)
                  WHEN 7 THEN array_append(slice(reconstruction, 1, 783), NULL)
                  ELSE reconstruction END""",
            "bce", "nullif(bce, bce)",
            "kl", "IF(image_id = 9, NULL, kl)");
    ImageCheck check = check(replacements);
    assertThat(check.invalid())
        .isEqualTo(
            Map.of(
                ImageColumn.LABEL, 3L,
                ImageColumn.PIXELS, 4L,
                ImageColumn.ORIGINAL, 2L,
                ImageColumn.RECONSTRUCTION, 8L,
                ImageColumn.BCE, 20L,
                ImageColumn.KL, 1L));
    assertThat(check.problem())
        .contains(
            "column 'label': expected a number from 0 to 9 in each row, found null or another value in 3 of 20 rows");
  }

  @Test
  void checksEachSplit() {
    Dataset<Row> rows =
        rows(Map.of("label", "IF(image_id = 3, -1, label)"))
            .withColumn("split", expr("IF(image_id < 12, 'train', 'test')"))
            .withColumn("image_id", expr("IF(split = 'train', image_id, image_id - 12)"));
    Map<String, ImageCheck> checks = ImageCheck.ofDistinctIdsBySplit(rows, ImageColumn.LABEL);
    assertThat(checks)
        .isEqualTo(
            Map.of(
                "train", new ImageCheck(12, 12, 0, 11, Map.of(ImageColumn.LABEL, 1L)),
                "test", new ImageCheck(8, 8, 0, 7, Map.of())));
    assertThat(ImageCheck.NO_ROWS.problem(8)).contains("found 0 images, expected 8");
  }

  @Test
  void checksOnlyTheGivenColumns() {
    Dataset<Row> ids = rows(Map.of()).select("image_id");
    assertThat(ImageCheck.of(ids).problem()).isEmpty();
    assertThat(ImageCheck.of(ids.union(ids)).problem())
        .contains(
            "column 'image_id': expected each of 0 … n − 1 once, found 40 rows with 20 distinct ids from 0 to 19");
    assertThat(ImageCheck.of(ids.where("image_id < 0")).problem())
        .contains("found no rows, expected at least one image");
  }
}
