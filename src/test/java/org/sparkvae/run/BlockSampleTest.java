package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.spark.LocalSpark;

class BlockSampleTest {
  @ParameterizedTest
  @CsvSource({
    "100, 2000, 100", // all
    "2000, 2000, 2000",
    "2001, 2000, 1901", // the last block has one image
    "10000, 9000, 9000",
    "60000, 2000, 2000",
    "201, 200, 101",
    "1000000000, 10000, 10000"
  })
  void countsTheImagesOfTheSample(int images, int maximum, int expected) {
    assertThat(new BlockSample(images, maximum).count()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"2001, 2000", "2350, 300", "10000, 2000", "10000, 3000", "1234, 5000"})
  void selectsEvenlySpacedBlocks(int images, int maximum) {
    BlockSample sample = new BlockSample(images, maximum);
    Dataset<Row> ids = LocalSpark.session().range(images).selectExpr("CAST(id AS INT) AS image_id");
    int[] selected =
        ids.where(sample.condition()).orderBy("image_id").collectAsList().stream()
            .mapToInt(row -> row.getInt(0))
            .toArray();
    assertThat(selected).hasSize(sample.count());
    assertThat(selected.length).isLessThanOrEqualTo(maximum);
    // Neighbors are of the same block, or their distance is about that of equally spaced blocks.
    double distance = 100.0 * Math.max(images, maximum) / maximum;
    for (int n = 1; n < selected.length; n++) {
      assertThat(selected[n] - selected[n - 1]).isBetween(1, (int) distance + 101);
    }
  }
}
