package org.sparkvae.run;

import static org.apache.spark.sql.functions.min;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.LatentDecoder;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.report.FigureText;
import org.sparkvae.report.ImageGrid;
import org.sparkvae.sampling.GeneratedImages;
import org.sparkvae.sampling.Interpolation;
import org.sparkvae.sampling.LatentDistribution;

/** Pictures of images that a run's model makes of latent variables. */
final class GeneratedFigures {
  private static final int STEPS = 11;

  private final Run run;
  private final ComputationGraph model;

  GeneratedFigures(Run run) {
    this.run = run;
    this.model = run.model();
  }

  /** A hundred draws. */
  BufferedImage draws(String title, LatentDistribution source) {
    return ImageGrid.tenByTen()
        .draw(
            FigureText.titled(title),
            GeneratedImages.here(model, source, FigureImages.COUNT, run.architecture()));
  }

  /**
   * Strips from the first test image of a 0 to that of a 1, from a 2 to a 3 and so on, along
   * straight lines between draws from their posteriors with the same noise. Between the posteriors'
   * means the decoder would see what it was never trained on: z without noise.
   */
  BufferedImage interpolations(Dataset<Row> testImages) {
    List<Row> ends = firstOfEachLabel(testImages);
    byte[][] pixels = ends.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    float[][] states = new PosteriorEncoder(model).states(pixels);
    PosteriorHeads heads = new PosteriorHeads(model);
    List<float[]> latents = new ArrayList<>();
    for (int from = 0; from + 1 < states.length; from += 2) {
      // That of its reconstruction.
      long noise = NoiseKey.of(run.settings().seed(), NoiseKey.INFERENCE, ends.get(from).getInt(0));
      latents.addAll(
          Interpolation.between(
              heads.sample(states[from], noise), heads.sample(states[from + 1], noise), STEPS));
    }
    return new ImageGrid(states.length / 2, STEPS, 2)
        .draw(
            new FigureText(
                "From one test image to another",
                "Each row is a straight line between draws from the posteriors of two images; its"
                    + " left end is the first one's reconstruction"),
            new LatentDecoder(model, run.architecture()).decode(latents));
  }

  /** An even number of images, two at least: of those labels that there are. */
  private static List<Row> firstOfEachLabel(Dataset<Row> images) {
    Dataset<Row> first = images.groupBy("label").agg(min("image_id").as("image_id"));
    List<Row> ends =
        new ArrayList<>(
            images
                .join(first.select("image_id"), "image_id")
                .orderBy("label")
                .select("image_id", "pixels")
                .collectAsList());
    if (ends.size() % 2 == 1) {
      ends.add(ends.get(0));
    }
    return ends;
  }
}
