package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.Architecture;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.reconstruction.Reconstructor;
import org.sparkvae.training.EpochOrder;

/**
 * Training images chosen at random by the run's seed, in the order chosen: a hundred, or all where
 * there are fewer.
 *
 * @param originals 784 values in [0, 1] each, row by row
 * @param reconstructions of the same images, likewise
 */
record RandomImages(List<float[]> originals, List<float[]> reconstructions) {
  private static final int COUNT = 100;

  /** Reads them from the run's reconstructions. */
  static RandomImages of(Run run, SparkSession spark, int trainImages) {
    EpochOrder order = new EpochOrder(run.settings().seed(), 0, trainImages);
    List<Integer> ids =
        IntStream.range(0, Math.min(COUNT, trainImages)).mapToObj(order::imageAt).toList();
    String train =
        run.directory().path(ReconstructStage.directory(Latent.SAMPLE) + "/split=" + Split.TRAIN);
    Map<Integer, Row> rows = new HashMap<>();
    spark
        .read()
        .schema(Reconstructor.SCHEMA)
        .parquet(train)
        .where(col("image_id").isin(ids.toArray()))
        .collectAsList()
        .forEach(row -> rows.put(row.getInt(0), row));
    List<Row> chosen = ids.stream().map(rows::get).toList();
    return new RandomImages(
        chosen.stream().map(row -> greys(row.getAs("original"))).toList(),
        chosen.stream().map(RandomImages::reconstruction).toList());
  }

  private static float[] greys(byte[] image) {
    float[] greys = new float[Architecture.PIXELS];
    for (int p = 0; p < greys.length; p++) {
      greys[p] = (image[p] & 0xff) / 255f;
    }
    return greys;
  }

  private static float[] reconstruction(Row row) {
    List<Float> values = row.getList(row.fieldIndex("reconstruction"));
    float[] pixels = new float[values.size()];
    for (int p = 0; p < pixels.length; p++) {
      pixels[p] = values.get(p);
    }
    return pixels;
  }
}
