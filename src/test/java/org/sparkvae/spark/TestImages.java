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

/** DataFrames of made-up images: blots of ink that differ by id. */
public final class TestImages {
  private static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType)
          .add("label", DataTypes.IntegerType)
          .add("pixels", DataTypes.BinaryType);

  private TestImages() {}

  /** Ids 0 … count − 1, shuffled over the partitions. */
  public static Dataset<Row> of(SparkSession spark, int count, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      rows.add(RowFactory.create(id, id % 10, pixels(id)));
    }
    Collections.shuffle(rows, new Random(1));
    return spark.createDataFrame(rows, SCHEMA).repartition(partitions);
  }

  /** Ids 0 … count − 1, of which the ink's place tells the label; its grey differs by id. */
  public static Dataset<Row> labelled(SparkSession spark, int count, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      rows.add(RowFactory.create(id, id % 10, labelledPixels(id)));
    }
    Collections.shuffle(rows, new Random(1));
    return spark.createDataFrame(rows, SCHEMA).repartition(partitions);
  }

  public static byte[] labelledPixels(int id) {
    byte grey = (byte) (120 + new Random(id).nextInt(136));
    byte[] pixels = new byte[784];
    int row = 3 + id % 5 * 5;
    int column = 4 + id / 5 % 2 * 12;
    for (int r = row; r < row + 4; r++) {
      for (int c = column; c < column + 6; c++) {
        pixels[r * 28 + c] = grey;
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
