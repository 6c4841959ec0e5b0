package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.spark.LocalSpark;

class ImageTableReadTest {
  private static SparkSession spark;
  private static String path;
  private static IdxSet set;

  @BeforeAll
  static void write(@TempDir Path data, @TempDir Path output) throws IOException {
    spark = LocalSpark.session();
    set = IdxFixture.writeSet(data).verify();
    path = ImageTable.path(output.toUri().toString(), set);
    write(path);
  }

  private static void write(String table) {
    ImageTable.write(set, table, table + "-temporary", spark.sparkContext().hadoopConfiguration());
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

  /**
   * The second name is of a directory that Spark's pattern, the first name, would match. It has no
   * test images.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "o[1] o1",
        "{a,b} a",
        "o* other",
        "o? ox",
        "o\\[1] o[1]",
        "[!x] y",
        "%41 A",
        "o:x o"
      })
  void readsTheDirectoryItselfAndNoneThatMatchesItsName(
      String name, String other, @TempDir Path output) throws IOException {
    Path table = output.resolve(name);
    write(table.toUri().getPath());
    FileUtils.copyDirectory(table.toFile(), output.resolve(other).toFile());
    FileUtils.deleteDirectory(output.resolve(other).resolve("split=test").toFile());

    assertThat(ImageTable.read(spark, table.toString(), Split.TEST, 0).count())
        .isEqualTo(IdxFixture.TEST_COUNT);
  }

  @Test
  void returnsDocumentedSchema() {
    Dataset<Row> images = ImageTable.read(spark, path, Split.TEST, 0);

    assertThat(images.schema()).isEqualTo(ImageTable.SCHEMA);
  }
}
