package org.sparkvae.run;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.Architecture;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.reconstruction.Reconstructor;

/** The rows of a run's reconstructions, and their images as values in [0, 1], row by row. */
final class ReconstructionRows {
  private ReconstructionRows() {}

  /** All of a split, in no particular order. */
  static Dataset<Row> of(Run run, SparkSession spark, Split split) {
    String path = ReconstructStage.directory(Latent.SAMPLE) + "/split=" + split;
    return spark.read().schema(Reconstructor.SCHEMA).parquet(run.directory().path(path));
  }

  static float[] original(Row row) {
    byte[] image = row.getAs("original");
    float[] greys = new float[Architecture.PIXELS];
    for (int p = 0; p < greys.length; p++) {
      greys[p] = (image[p] & 0xff) / 255f;
    }
    return greys;
  }

  static float[] reconstruction(Row row) {
    List<Float> values = row.getList(row.fieldIndex("reconstruction"));
    float[] pixels = new float[values.size()];
    for (int p = 0; p < pixels.length; p++) {
      pixels[p] = values.get(p);
    }
    return pixels;
  }
}
