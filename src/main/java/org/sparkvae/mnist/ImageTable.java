package org.sparkvae.mnist;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.ParquetTables;
import org.sparkvae.storage.Storage;

/**
 * The Parquet table of images that all stages read, on any Hadoop file system.
 *
 * <p>Its columns are {@code image_id} (int, from 0 in each split, in the order of the IDX file),
 * {@code label} (int, 0 to 9), {@code pixels} (binary, a byte per pixel, row by row) and {@code
 * split} (string, {@code train} or {@code test}). The table is partitioned by {@code split}.
 */
public final class ImageTable {
  /** The schema of the DataFrame that {@link #read} returns. */
  public static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType)
          .add("label", DataTypes.IntegerType)
          .add("pixels", DataTypes.BinaryType)
          .add("split", DataTypes.StringType);

  private static final int DIRECTORY_HEX = 16;

  private ImageTable() {}

  /** Returns the path of the data set's table under the directory {@code output}. */
  public static String path(String output, IdxSet set) {
    return new Path(folder(output), set.checksum().substring(0, DIRECTORY_HEX)).toString();
  }

  /** Returns the folder of all tables under the directory {@code output}. */
  public static String folder(String output) {
    return new Path(output, "_data").toString();
  }

  /**
   * Writes {@code set} to {@code directory}, completely or not at all. Does nothing if the
   * directory exists. Memory use is one Parquet file of 5,000 images, for any size of the data set.
   *
   * @param temporary the parent of the temporary directory, on the same file system
   * @throws org.sparkvae.exception.InputDataException if the files have changed since they were
   *     verified
   * @throws TransientException if the file system fails; nothing is left behind then
   */
  public static void write(
      IdxSet set, String directory, String temporary, Configuration hadoopConf) {
    Path target = new Path(directory);
    try {
      if (Storage.at(target.getParent().toString(), hadoopConf)
          .writeSharedDirectoryOnS3(
              target.getName(),
              table -> new ImageTableWriter(set, hadoopConf).write(new Path(table.toString())))) {
        return;
      }
      FileSystem files = target.getFileSystem(hadoopConf);
      if (!files.exists(target)) {
        writeAtomically(set, target, new Path(temporary), files, hadoopConf);
      }
    } catch (IOException | FSError e) {
      throw new TransientException(
          "%s: the images cannot be written (%s). Rerun the same command to resume."
              .formatted(
                  target, ErrorText.typeAndFirstLine(e instanceof FSError ? e.getCause() : e)),
          e);
    }
  }

  /** Returns the table at {@code path}, with {@link #SCHEMA}, in no particular order. */
  public static Dataset<Row> read(SparkSession spark, String path) {
    return ParquetTables.read(spark, SCHEMA, path);
  }

  /**
   * Returns one split of the table at {@code path}, with {@link #SCHEMA}, in no particular order.
   *
   * @param limit the number of images to read, lowest {@code image_id} first, or 0 for all
   */
  public static Dataset<Row> read(SparkSession spark, String path, Split split, int limit) {
    Dataset<Row> images =
        read(spark, path).filter(functions.col("split").equalTo(split.toString()));
    return limit == 0 ? images : images.filter(functions.col("image_id").lt(limit));
  }

  private static void writeAtomically(
      IdxSet set, Path target, Path parent, FileSystem files, Configuration hadoopConf)
      throws IOException {
    Path temporary = new Path(parent, "_writing-" + UUID.randomUUID());
    try {
      files.mkdirs(temporary);
      files.mkdirs(target.getParent());
      files.deleteOnExit(temporary);
      new ImageTableWriter(set, hadoopConf).write(temporary);
      commit(files, temporary, target);
    } finally {
      files.delete(temporary, true);
      files.cancelDeleteOnExit(temporary);
    }
  }

  /**
   * Renames {@code temporary} to {@code target}, unless another writer has committed the table
   * already.
   */
  static void commit(FileSystem files, Path temporary, Path target) throws IOException {
    boolean renamed = files.rename(temporary, target);
    // If the target exists, Hadoop moves the directory into it. No reader sees it there, because
    // its name begins with an underscore.
    boolean movedIntoTarget = files.delete(new Path(target, temporary.getName()), true);
    if (!renamed && !movedIntoTarget && !files.exists(target)) {
      throw new IOException("cannot rename %s".formatted(temporary));
    }
  }
}
