package org.sparkvae.ml;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.storage.Storage;

/** The uid and the Params of a saved estimator or model, in the files that Spark ML writes. */
final class SavedParams {
  private static final String METADATA = "metadata";

  private SavedParams() {}

  /** Opens the directory of a saved object with the Hadoop settings of a session. */
  static Storage directory(String path, SparkSession spark) {
    return Storage.at(path, spark.sparkContext().hadoopConfiguration());
  }

  /**
   * Reads the uid and the Params. Spark's own reader would treat the path as a pattern, or as
   * several paths if it contains a comma.
   *
   * @throws InputDataException if the directory does not contain a saved object
   */
  static DefaultParamsReader.Metadata read(Storage directory, Class<?> type) {
    Storage files = directory.child(METADATA);
    List<String> names = files.list();
    if (names.isEmpty()) {
      throw new InputDataException(
          "%s: expected a saved %s, found no file in %s. Check the path."
              .formatted(directory, type.getSimpleName(), METADATA));
    }
    String json = names.stream().map(files::readText).collect(Collectors.joining()).strip();
    return DefaultParamsReader.parseMetadata(json, type.getName());
  }
}
