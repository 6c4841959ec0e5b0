package org.sparkvae.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.DigitClassifier.Judgement;
import org.sparkvae.model.Pixels;
import org.sparkvae.spark.BatchInference;
import scala.Tuple2;

/** What the classifier makes of a DataFrame of images. */
public final class ClassifierInference {
  private ClassifierInference() {}

  /** An image in a row. */
  private interface Reading extends Serializable {
    float[] greys(Row row);
  }

  /**
   * Judges original images.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @param classifier what {@link DigitClassifier#write} gave
   * @return in the order of the images
   */
  public static List<Judgement> originals(Dataset<Row> images, Broadcast<byte[]> classifier) {
    return judged(
        images.select("image_id", "pixels"), row -> Pixels.greys(row.getAs(1)), classifier);
  }

  /**
   * Judges reconstructions or draws.
   *
   * @param images with columns {@code image_id} and {@code reconstruction}
   * @param classifier what {@link DigitClassifier#write} gave
   * @return in the order of the images
   */
  public static List<Judgement> reconstructions(Dataset<Row> images, Broadcast<byte[]> classifier) {
    return judged(
        images.select("image_id", "reconstruction"),
        row -> Pixels.array(row.getList(1)),
        classifier);
  }

  private static List<Judgement> judged(
      Dataset<Row> images, Reading reading, Broadcast<byte[]> classifier) {
    return BatchInference.map(
            images,
            classifier,
            DigitClassifier::read,
            (DigitClassifier judge, int[] ids, List<Row> block) ->
                judged(judge, ids, block, reading),
            Encoders.tuple(Encoders.INT(), Encoders.javaSerialization(Judgement.class)))
        .collectAsList()
        .stream()
        .sorted(Comparator.comparing(Tuple2::_1))
        .map(Tuple2::_2)
        .toList();
  }

  private static List<Tuple2<Integer, Judgement>> judged(
      DigitClassifier judge, int[] ids, List<Row> block, Reading reading) {
    float[][] images = block.stream().map(reading::greys).toArray(float[][]::new);
    List<Judgement> judgements = judge.judge(images);
    List<Tuple2<Integer, Judgement>> named = new ArrayList<>();
    for (int n = 0; n < ids.length; n++) {
      named.add(new Tuple2<>(ids[n], judgements.get(n)));
    }
    return named;
  }
}
