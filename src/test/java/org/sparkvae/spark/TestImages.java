package org.sparkvae.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** DataFrames of synthetic images: rectangles that differ by id. */
public final class TestImages {
  private static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType)
          .add("label", DataTypes.IntegerType)
          .add("pixels", DataTypes.BinaryType);

  private TestImages() {}

  /** Returns images with the ids 0 … count − 1, shuffled over the partitions. */
  public static Dataset<Row> of(SparkSession spark, int count, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      rows.add(RowFactory.create(id, id % 10, pixels(id)));
    }
    Collections.shuffle(rows, new Random(1));
    return spark.createDataFrame(rows, SCHEMA).repartition(partitions);
  }

  /**
   * Returns images whose rectangle's position determines the label. Its gray level differs by id.
   */
  public static Dataset<Row> labeled(SparkSession spark, int count, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      rows.add(RowFactory.create(id, id % 10, labeledPixels(id)));
    }
    Collections.shuffle(rows, new Random(1));
    return spark.createDataFrame(rows, SCHEMA).repartition(partitions);
  }

  public static byte[] labeledPixels(int id) {
    byte gray = (byte) (120 + new Random(id).nextInt(136));
    byte[] pixels = new byte[784];
    int row = 3 + id % 5 * 5;
    int column = 4 + id / 5 % 2 * 12;
    for (int r = row; r < row + 4; r++) {
      for (int c = column; c < column + 6; c++) {
        pixels[r * 28 + c] = gray;
      }
    }
    return pixels;
  }

  public static byte[] pixels(int id) {
    Random random = new Random(id);
    byte[] pixels = new byte[784];
    int row = 4 + random.nextInt(16);
    int column = 4 + random.nextInt(16);
    for (int r = row; r < row + 6; r++) {
      for (int c = column; c < column + 5; c++) {
        pixels[r * 28 + c] = (byte) (120 + random.nextInt(136));
      }
    }
    return pixels;
  }
}
