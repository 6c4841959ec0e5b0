package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.spark.LocalSpark;

class ImageTableReadTest {
  private static SparkSession spark;
  private static String path;

  @BeforeAll
  static void write(@TempDir Path data, @TempDir Path output) throws IOException {
    spark = LocalSpark.session();
    IdxSet set = IdxFixture.writeSet(data).verify();
    path = ImageTable.path(output.toUri().toString(), set);
    ImageTable.write(set, path, path + "-temporary", spark.sparkContext().hadoopConfiguration());
  }

  private static List<Row> rows(Split split, int limit) {
    return ImageTable.read(spark, path, split, limit).orderBy("image_id").collectAsList();
  }

  @Test
  void returnsEveryImageOfASplit() {
    byte[] labels = IdxFixture.content("train-labels-idx1-ubyte");
    byte[] images = IdxFixture.content("train-images-idx3-ubyte");

    List<Row> rows = rows(Split.TRAIN, 0);

    assertThat(rows).hasSize(IdxFixture.TRAIN_COUNT);
    for (int id = 0; id < rows.size(); id++) {
      Row row = rows.get(id);
      assertThat(row.<Integer>getAs("image_id")).isEqualTo(id);
      assertThat(row.<Integer>getAs("label")).isEqualTo(labels[8 + id]);
      assertThat(row.<String>getAs("split")).isEqualTo("train");
      assertThat(row.<byte[]>getAs("pixels"))
          .isEqualTo(Arrays.copyOfRange(images, 16 + id * 784, 16 + (id + 1) * 784));
    }
  }

  @Test
  void readsEachSplitSeparately() {
    byte[] images = IdxFixture.content("t10k-images-idx3-ubyte");

    List<Row> rows = rows(Split.TEST, 0);

    assertThat(rows).hasSize(IdxFixture.TEST_COUNT);
    assertThat(rows).allMatch(row -> row.<String>getAs("split").equals("test"));
    assertThat(rows.get(1).<byte[]>getAs("pixels"))
        .isEqualTo(Arrays.copyOfRange(images, 16 + 784, 16 + 2 * 784));
  }

  @Test
  void readsFirstImagesUpToLimit() {
    assertThat(rows(Split.TRAIN, 7))
        .extracting(row -> row.<Integer>getAs("image_id"))
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(rows(Split.TEST, 1_000)).hasSize(IdxFixture.TEST_COUNT);
  }

  @Test
  void returnsDocumentedSchema() {
    Dataset<Row> images = ImageTable.read(spark, path, Split.TEST, 0);

    assertThat(images.schema()).isEqualTo(ImageTable.SCHEMA);
  }
}
