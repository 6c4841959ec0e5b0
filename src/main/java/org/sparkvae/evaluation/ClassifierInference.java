package org.sparkvae.evaluation;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.model.Pixels;
import org.sparkvae.spark.BatchInference;

/** The classifier's predictions for a DataFrame of images. */
public final class ClassifierInference {
  private ClassifierInference() {}

  /** Extracts the image from a row. */
  private interface ImageExtractor extends Serializable {
    float[] grays(Row row);
  }

  /**
   * Classifies original images.
   *
   * @param images a DataFrame with columns {@code image_id} and {@code pixels}
   * @param classifier an archive from {@link DigitClassifier#write}
   * @return the predictions by {@code image_id}
   */
  public static List<Prediction> predictOriginals(
      Dataset<Row> images, Broadcast<byte[]> classifier) {
    return predict(
        images.select("image_id", "pixels"), row -> Pixels.grayValues(row.getAs(1)), classifier);
  }

  /**
   * Classifies reconstructions or generated images.
   *
   * @param images a DataFrame with columns {@code image_id} and {@code reconstruction}
   * @param classifier an archive from {@link DigitClassifier#write}
   * @return the predictions by {@code image_id}
   */
  public static List<Prediction> predictReconstructions(
      Dataset<Row> images, Broadcast<byte[]> classifier) {
    return predict(
        images.select("image_id", "reconstruction"),
        row -> Pixels.toArray(row.getList(1)),
        classifier);
  }

  private static List<Prediction> predict(
      Dataset<Row> images, ImageExtractor extractor, Broadcast<byte[]> classifier) {
    return BatchInference.collect(
        images,
        classifier,
        DigitClassifier::read,
        (DigitClassifier model, int[] ids, List<Row> block) ->
            model.predict(block.stream().map(extractor::grays).toArray(float[][]::new)),
        Encoders.javaSerialization(Prediction.class));
  }
}
