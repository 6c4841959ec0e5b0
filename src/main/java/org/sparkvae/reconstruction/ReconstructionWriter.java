package org.sparkvae.reconstruction;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.spark.ImageIds;
import org.sparkvae.spark.ParquetErrors;
import org.sparkvae.storage.Storage;

/** Writes reconstructions as Parquet: every image exactly once, or nothing. */
public final class ReconstructionWriter {
  private ReconstructionWriter() {}

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
                  ParquetLayout.of(rows, counts.get(split))
                      .write()
                      .format(MetadataParquetFormat.class.getName())
                      .options(metadata)
                      .options(ParquetLayout.OPTIONS)
                      .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                      .save(path);
                  checkEveryImageOnce(rows.sparkSession(), path, split, counts.get(split));
                }));
  }

  /**
   * What was written into the footers of published files, the same into each.
   *
   * @param directory under {@code run}
   * @return empty if there is no such key, or not in every file
   * @throws InputDataException if a footer is not what was written
   */
  public static Optional<String> metadata(Storage run, String directory, String key) {
    Set<String> values = new HashSet<>();
    for (Split each : Split.values()) {
      Storage split = run.in(directory).in("split=" + each);
      for (String file : split.names()) {
        values.add(split.read(file, ignored -> footer(split.path(file)).getOrDefault(key, "")));
      }
    }
    return values.size() == 1
        ? values.stream().filter(value -> !value.isEmpty()).findAny()
        : Optional.empty();
  }

  private static Map<String, String> footer(String file) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(new Path(file), new Configuration());
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      FileMetaData footer = reader.getFooter().getFileMetaData();
      for (String column : DataFrameReconstructor.SCHEMA.fieldNames()) {
        if (!column.equals("split") && !footer.getSchema().containsField(column)) {
          throw ParquetErrors.without(column, file);
        }
      }
      return footer.getKeyValueMetaData();
    } catch (IOException | RuntimeException e) {
      throw ParquetErrors.explained(e);
    }
  }

  static void checkEveryImageOnce(SparkSession spark, String path, String split, int expected) {
    ImageIds ids = ImageIds.of(spark.read().schema(DataFrameReconstructor.SCHEMA).parquet(path));
    if (!ids.areEachThereOnce() || ids.count() != expected) {
      throw new IllegalStateException(
          "%s: %s where %d images were to be; not published".formatted(split, ids, expected));
    }
  }
}
