package org.sparkvae.ml;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkvae.image.ImageShape;
import org.sparkvae.reconstruction.DataFrameReconstructor;

/** The columns that {@link Vae} and {@link VaeModel} require of a DataFrame. */
final class InputSchema {
  static final String IMAGE_ID = "image_id";
  static final String PIXELS = "pixels";

  private InputSchema() {}

  /**
   * Returns the schema with the columns that the model adds.
   *
   * @throws IllegalArgumentException if a required column is missing, of another type or not
   *     unique, or if an added column already exists; like Spark, names ignore case
   */
  static StructType withReconstruction(StructType images) {
    require(images, IMAGE_ID, DataTypes.IntegerType, "the image's number");
    require(
        images, PIXELS, DataTypes.BinaryType, "%d bytes, row by row".formatted(ImageShape.PIXELS));
    StructType result = DataFrameReconstructor.addColumns(images);
    for (String added : Arrays.asList(result.fieldNames()).subList(images.size(), result.size())) {
      if (count(images, added) > 0) {
        throw new IllegalArgumentException(
            "column '%s': already exists. Rename or drop it.".formatted(added));
      }
    }
    return result;
  }

  private static void require(StructType images, String name, DataType type, String description) {
    if (!Arrays.asList(images.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "column '%s': not found among %4$s. Add it as %s (%s)."
              .formatted(name, type.sql(), description, String.join(", ", images.fieldNames())));
    }
    if (count(images, name) > 1) {
      throw new IllegalArgumentException(
          "column '%s': found %d columns with this name. Rename or drop all but one."
              .formatted(name, count(images, name)));
    }
    DataType found = images.apply(name).dataType();
    if (!found.equals(type)) {
      throw new IllegalArgumentException(
          "column '%s': expected %3$s (%4$s), found %2$s. Cast the column."
              .formatted(name, found.sql(), type.sql(), description));
    }
  }

  private static long count(StructType images, String name) {
    return Arrays.stream(images.fieldNames()).filter(name::equalsIgnoreCase).count();
  }
}
