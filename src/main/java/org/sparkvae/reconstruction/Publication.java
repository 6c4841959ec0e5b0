package org.sparkvae.reconstruction;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;
import org.sparkvae.spark.ImageIds;
import org.sparkvae.storage.Storage;

/**
 * Writes reconstructions as Parquet: every image exactly once, or nothing.
 *
 * <p>A file holds a range of ids, ordered by label; what is in a row group can be told from its
 * statistics (the label) and its Bloom filter (the id), so that one digit or one image needs few of
 * them. docs/reading-parquet.md has what that saves.
 */
public final class Publication {
  /** Of 4 MiB, some thousand images: smaller ones make reading one column dear. */
  private static final int ROW_GROUP_BYTES = 4 << 20;

  private static final int IMAGES_OF_A_ROW_GROUP = 1_000;

  /** Fewer, and a digit would have less than half a row group. */
  private static final int LEAST_IMAGES_OF_A_FILE = 5 * IMAGES_OF_A_ROW_GROUP;

  private Publication() {}

  /**
   * Writes aside, reads the ids back, and publishes if they are 0 … count − 1 of each split.
   *
   * @param directory under {@code run}, replaced if it exists
   * @param splits what to write as {@code split=<key>}
   * @param counts images of each split
   * @param metadata key-value metadata of the Parquet files, keys beginning {@code sparkvae.}
   * @throws IllegalStateException if an image is missing or there twice; nothing is published then
   */
  public static void publish(
      Storage run,
      String directory,
      Map<String, Dataset<Row>> splits,
      Map<String, Integer> counts,
      Map<String, String> metadata) {
    run.writeDirectory(
        directory,
        aside ->
            splits.forEach(
                (split, rows) -> {
                  String path = aside.path("split=" + split);
                  rows.coalesce(Math.max(1, counts.get(split) / LEAST_IMAGES_OF_A_FILE))
                      .sortWithinPartitions("label", "image_id")
                      .write()
                      .format(ParquetWithMetadata.class.getName())
                      .options(metadata)
                      .option("parquet.block.size", ROW_GROUP_BYTES)
                      .option("parquet.bloom.filter.enabled#image_id", true)
                      .option("parquet.bloom.filter.expected.ndv#image_id", IMAGES_OF_A_ROW_GROUP)
                      .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                      .save(path);
                  checkEveryImageOnce(rows.sparkSession(), path, split, counts.get(split));
                }));
  }

  /**
   * What was written into the footer of published files.
   *
   * @param directory under {@code run}
   * @return empty if there is no such key
   */
  public static Optional<String> metadata(Storage run, String directory, String key) {
    Storage split = run.in(directory).in("split=" + Split.TEST);
    String file = split.names().get(0);
    return Optional.ofNullable(split.read(file, ignored -> footer(split.path(file)).get(key)));
  }

  private static Map<String, String> footer(String file) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(new Path(file), new Configuration());
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      return reader.getFooter().getFileMetaData().getKeyValueMetaData();
    }
  }

  static void checkEveryImageOnce(SparkSession spark, String path, String split, int expected) {
    ImageIds ids = ImageIds.of(spark.read().schema(Reconstructor.SCHEMA).parquet(path));
    if (!ids.areEachThereOnce() || ids.count() != expected) {
      throw new IllegalStateException(
          "%s: %s where %d images were to be; not published".formatted(split, ids, expected));
    }
  }
}
