package org.sparkvae.reconstruction;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Spark's Parquet data source with additional key-value metadata in the footer of each file. Each
 * write option whose name begins with {@value #PREFIX} becomes an entry under its full name.
 */
public final class MetadataParquetFormat extends ParquetFileFormat {
  static final String PREFIX = "sparkvae.";

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession spark,
      Job job,
      scala.collection.immutable.Map<String, String> options,
      StructType schema) {
    OutputWriterFactory factory = super.prepareWrite(spark, job, options, schema);
    ParquetOutputFormat.setWriteSupportClass(job, WriteSupport.class);
    JavaConverters.mapAsJavaMap(options)
        .forEach(
            (key, value) -> {
              if (key.startsWith(PREFIX)) {
                job.getConfiguration().set(key, value);
              }
            });
    return factory;
  }

  /** Spark's write support, which also writes the metadata into the footer. */
  public static final class WriteSupport extends ParquetWriteSupport {
    @Override
    public WriteContext init(Configuration configuration) {
      WriteContext context = super.init(configuration);
      Map<String, String> metadata = new HashMap<>(context.getExtraMetaData());
      configuration.forEach(
          entry -> {
            if (entry.getKey().startsWith(PREFIX)) {
              metadata.put(entry.getKey(), entry.getValue());
            }
          });
      return new WriteContext(context.getSchema(), metadata);
    }
  }
}
