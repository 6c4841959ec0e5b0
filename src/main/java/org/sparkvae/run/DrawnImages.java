package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.LatentDecoder;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.report.FigureText;
import org.sparkvae.report.ImageGrid;
import org.sparkvae.sampling.Draws;
import org.sparkvae.sampling.Interpolation;
import org.sparkvae.sampling.LatentSource;

/** Pictures of images that a run's model makes of latent variables. */
final class DrawnImages {
  private static final int STEPS = 11;
  private static final int LABELS = 10;

  private final Run run;
  private final ComputationGraph model;

  DrawnImages(Run run) {
    this.run = run;
    this.model = run.model();
  }

  /** A hundred draws. */
  BufferedImage draws(String title, LatentSource source) {
    return ImageGrid.tenByTen()
        .draw(
            FigureText.titled(title),
            Draws.here(model, source, RandomImages.COUNT, run.architecture()));
  }

  /**
   * Strips from the first test image of a 0 to that of a 1, from a 2 to a 3 and so on, along
   * straight lines between their posterior means.
   */
  BufferedImage interpolations(Dataset<Row> testImages) {
    float[][] means = new PosteriorEncoder(model).means(firstOfEachLabel(testImages));
    List<float[]> latents = new ArrayList<>();
    for (int pair = 0; pair + 1 < means.length; pair += 2) {
      latents.addAll(Interpolation.between(means[pair], means[pair + 1], STEPS));
    }
    return new ImageGrid(means.length / 2, STEPS, 2)
        .draw(
            new FigureText(
                "From one test image to another",
                "Each row is a straight line between the posterior means of two images, whose"
                    + " reconstructions stand at its ends"),
            new LatentDecoder(model, run.architecture()).decode(latents));
  }

  /** An even number of images, two at least: of those labels that there are. */
  private static byte[][] firstOfEachLabel(Dataset<Row> images) {
    Map<Integer, Integer> first = new HashMap<>();
    images
        .groupBy("label")
        .agg(min("image_id"))
        .collectAsList()
        .forEach(row -> first.put(row.getInt(0), row.getInt(1)));
    Map<Integer, byte[]> pixels = new HashMap<>();
    images
        .where(col("image_id").isin(first.values().toArray()))
        .select("label", "pixels")
        .collectAsList()
        .forEach(row -> pixels.put(row.getInt(0), row.getAs(1)));
    List<byte[]> ends = new ArrayList<>();
    for (int label = 0; label < LABELS; label++) {
      if (pixels.containsKey(label)) {
        ends.add(pixels.get(label));
      }
    }
    if (ends.size() % 2 == 1) {
      ends.add(ends.get(0));
    }
    return ends.toArray(byte[][]::new);
  }
}
