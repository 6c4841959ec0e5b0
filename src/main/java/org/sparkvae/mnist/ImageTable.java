package org.sparkvae.mnist;

import java.io.IOException;
import java.util.OptionalInt;
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
import org.sparkvae.exception.TransientException;

/**
 * The Parquet table that the job works from, on any Hadoop file system: {@code image_id} (int, from
 * 0 in each split, in the order of the IDX file), {@code label} (int, 0 to 9), {@code pixels}
 * (binary, 784 bytes row by row, 0 to 255) and {@code split} (string, {@code train} or {@code
 * test}), partitioned by the last.
 */
public final class ImageTable {
  /** The number of pixels, hence of bytes, of an image: 28 x 28. */
  public static final int PIXELS = 28 * 28;

  /** The schema of what {@link #read} returns. */
  public static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType)
          .add("label", DataTypes.IntegerType)
          .add("pixels", DataTypes.BinaryType)
          .add("split", DataTypes.StringType);

  private static final int DIRECTORY_HEX = 16;

  private ImageTable() {}

  /** Returns the place of {@code set}'s table under the output directory {@code output}. */
  public static String path(String output, IdxSet set) {
    return new Path(folder(output), set.checksum().substring(0, DIRECTORY_HEX)).toString();
  }

  /** Returns the place of all sets' tables under the output directory {@code output}. */
  public static String folder(String output) {
    return new Path(output, "_data").toString();
  }

  /**
   * Writes {@code set} to {@code directory}, which is afterwards complete; if it exists already,
   * nothing is written. Needs memory for one Parquet file of 5,000 images, whatever the set's size.
   *
   * @param aside where it lies until it is whole, on the same file system
   * @throws org.sparkvae.exception.InputDataException when the set's files have changed since they
   *     were verified
   * @throws TransientException when the file system fails; nothing is then left behind
   */
  public static void write(IdxSet set, String directory, String aside, Configuration hadoopConf) {
    Path target = new Path(directory);
    try {
      FileSystem files = target.getFileSystem(hadoopConf);
      if (!files.exists(target)) {
        writeAside(set, target, new Path(aside), files, hadoopConf);
      }
    } catch (IOException | FSError e) {
      throw new TransientException(
          "%s: the images could not be written: %s"
              .formatted(target, ErrorText.line(e instanceof FSError ? e.getCause() : e)),
          e);
    }
  }

  /**
   * Returns one split of the table at {@code path}, with {@link #SCHEMA}, in no particular order.
   *
   * @param limit how many images to take, those with the lowest {@code image_id}; all if empty
   */
  public static Dataset<Row> read(SparkSession spark, String path, Split split, OptionalInt limit) {
    Dataset<Row> images =
        spark
            .read()
            .schema(SCHEMA)
            .parquet(path)
            .filter(functions.col("split").equalTo(split.toString()));
    return limit.isPresent()
        ? images.filter(functions.col("image_id").lt(limit.getAsInt()))
        : images;
  }

  private static void writeAside(
      IdxSet set, Path target, Path parent, FileSystem files, Configuration hadoopConf)
      throws IOException {
    Path aside = new Path(parent, "_writing-" + UUID.randomUUID());
    try {
      files.mkdirs(aside);
      files.mkdirs(target.getParent());
      files.deleteOnExit(aside);
      new ImageTableWriter(set, hadoopConf).write(aside);
      publish(files, aside, target);
    } finally {
      files.delete(aside, true);
      files.cancelDeleteOnExit(aside);
    }
  }

  /** Makes {@code aside} the target, unless another writer's is there already. */
  static void publish(FileSystem files, Path aside, Path target) throws IOException {
    boolean renamed = files.rename(aside, target);
    // Hadoop renames a directory onto an existing one by moving it into that one; as its name
    // begins with an underscore, nobody has read it there.
    boolean moved = files.delete(new Path(target, aside.getName()), true);
    if (!renamed && !moved && !files.exists(target)) {
      throw new IOException("%s could not be renamed".formatted(aside));
    }
  }
}
