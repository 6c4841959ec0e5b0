package org.sparkvae.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.StructType;

/** Access to Parquet files in a directory whose name can contain any character. */
public final class ParquetTables {
  private ParquetTables() {}

  /**
   * Returns the rows of all files in a directory. Unlike Spark's readers, which treat a path as a
   * pattern, it never reads from another directory: {@code /runs[1]} does not match {@code /runs1}.
   */
  public static Dataset<Row> read(SparkSession spark, StructType schema, String directory) {
    return spark
        .read()
        .option(DataSource.GLOB_PATHS_KEY(), "false")
        .schema(schema)
        .parquet(directory);
  }
}
