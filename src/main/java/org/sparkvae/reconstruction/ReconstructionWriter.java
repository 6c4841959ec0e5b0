package org.sparkvae.reconstruction;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.spark.ImageCheck;
import org.sparkvae.spark.ParquetErrors;
import org.sparkvae.spark.ParquetTables;
import org.sparkvae.storage.HadoopSettings;
import org.sparkvae.storage.Storage;

/** A writer of reconstructions as Parquet. It commits every image exactly once, or nothing. */
public final class ReconstructionWriter {
  private ReconstructionWriter() {}

  /**
   * Reconstructs images and writes the files to a temporary directory, one file per task. Then
   * reads the ids back, and commits if each split has every id 0 … count − 1 once.
   *
   * @param directory the target under {@code run}, replaced if it exists
   * @param images the images of all splits, with the column {@code split}
   * @param counts the number of images in each split
   * @param metadata key-value metadata of the Parquet files; keys begin with {@code sparkvae.}
   * @param reconstruct reconstructs a DataFrame of images and keeps its partitions and splits, for
   *     example {@link DataFrameReconstructor#reconstructPartitions}
   * @throws IllegalStateException if an image is missing or duplicated; nothing is committed then
   */
  public static void write(
      Storage run,
      String directory,
      Dataset<Row> images,
      Map<String, Integer> counts,
      Map<String, String> metadata,
      UnaryOperator<Dataset<Row>> reconstruct) {
    images
        .sparkSession()
        .conf()
        .set("spark.sql.sources.commitProtocolClass", StableFileNames.class.getName());
    run.writeDirectory(
        directory,
        temporary -> {
          Dataset<Row> files = ParquetLayout.partition(images, counts);
          ParquetLayout.sort(reconstruct.apply(files))
              .write()
              .partitionBy("split")
              .format(MetadataParquetFormat.class.getName())
              .options(metadata)
              .options(ParquetLayout.WRITER_OPTIONS)
              .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
              .mode(SaveMode.Append)
              .save(temporary.toString());
          counts.forEach(
              (split, count) ->
                  requireEachImageOnce(
                      images.sparkSession(), temporary.path("split=" + split), split, count));
        });
  }

  /**
   * Returns a value from the footers of the written files.
   *
   * @param directory the directory of the reconstructions under {@code run}
   * @return the value, or empty if the files differ or lack the key
   * @throws InputDataException if a footer is damaged
   */
  public static Optional<String> metadata(Storage run, String directory, String key) {
    Set<String> values = new HashSet<>();
    for (Split split : Split.values()) {
      Storage files = run.child(directory).child("split=" + split);
      for (String file : files.list()) {
        values.add(files.read(file, ignored -> footer(files.path(file)).getOrDefault(key, "")));
      }
    }
    return values.size() == 1
        ? values.stream().filter(value -> !value.isEmpty()).findAny()
        : Optional.empty();
  }

  private static Map<String, String> footer(String file) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(new Path(file), HadoopSettings.shared());
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      FileMetaData footer = reader.getFooter().getFileMetaData();
      for (String column : DataFrameReconstructor.SCHEMA.fieldNames()) {
        if (!column.equals("split") && !footer.getSchema().containsField(column)) {
          throw ParquetErrors.missingColumn(column, file);
        }
      }
      return footer.getKeyValueMetaData();
    } catch (IOException | RuntimeException e) {
      throw ParquetErrors.translate(e);
    }
  }

  static void requireEachImageOnce(SparkSession spark, String path, String split, int expected) {
    ImageCheck.of(ParquetTables.read(spark, DataFrameReconstructor.SCHEMA, path))
        .problem(expected)
        .ifPresent(
            problem -> {
              throw new IllegalStateException(
                  "split=%s: each of %d images must be written exactly once: %s. Nothing was committed."
                      .formatted(split, expected, problem));
            });
  }
}
