package org.sparkvae.ml;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.reconstruction.DataFrameReconstructor;

/** What {@link Vae} and {@link VaeModel} ask of a DataFrame. */
final class InputSchema {
  static final String IMAGE_ID = "image_id";
  static final String PIXELS = "pixels";

  private InputSchema() {}

  /**
   * The schema with the columns that the model adds.
   *
   * @throws IllegalArgumentException naming a column that is missing, of another type, or there
   *     already
   */
  static StructType withReconstruction(StructType images) {
    require(images, IMAGE_ID, DataTypes.IntegerType, "the image's number");
    require(images, PIXELS, DataTypes.BinaryType, "784 bytes, row by row");
    StructType result = DataFrameReconstructor.withReconstruction(images);
    for (String added : Arrays.asList(result.fieldNames()).subList(images.size(), result.size())) {
      if (Arrays.asList(images.fieldNames()).contains(added)) {
        throw new IllegalArgumentException(
            "column '%s' is there already; rename or drop it".formatted(added));
      }
    }
    return result;
  }

  private static void require(StructType images, String name, DataType type, String what) {
    if (!Arrays.asList(images.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "there is no column '%s' (%s, %s) among %s"
              .formatted(name, type.sql(), what, String.join(", ", images.fieldNames())));
    }
    DataType given = images.apply(name).dataType();
    if (!given.equals(type)) {
      throw new IllegalArgumentException(
          "column '%s' is %s and has to be %s (%s)".formatted(name, given.sql(), type.sql(), what));
    }
  }

  static TrainerKind trainer(String name) {
    try {
      return TrainerKind.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "trainer: must be shared, averaging or local, not " + name, e);
    }
  }
}
