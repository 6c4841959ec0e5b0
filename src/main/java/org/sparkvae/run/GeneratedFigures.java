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
import org.sparkvae.report.ImageGrid;
import org.sparkvae.sampling.GeneratedImages;
import org.sparkvae.sampling.Interpolation;
import org.sparkvae.sampling.LatentDistribution;

/** Figures of images that a run's model decodes from latent variables. */
record GeneratedFigures(Run run, ComputationGraph model) {
  private static final int INTERPOLATION_STEPS = 11;

  /** Returns a grid of 100 images decoded from samples of a distribution. */
  BufferedImage sampleGrid(String title, LatentDistribution distribution) {
    return ImageGrid.tenByTen()
        .render(
            title,
            "",
            GeneratedImages.generateLocally(
                model, distribution, FigureImages.COUNT, run.modelConfig()));
  }

  /**
   * Returns a grid of interpolations between the first test images of two labels: 0 and 1, 2 and 3,
   * and so on. Each row interpolates linearly between posterior samples with the same noise. The
   * posterior means are not used, because the decoder was trained only on z with noise.
   */
  BufferedImage interpolations(Dataset<Row> testImages) {
    List<Row> endpoints = firstOfEachLabel(testImages);
    byte[][] pixels = endpoints.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    float[][] states = new PosteriorEncoder(model).states(pixels);
    PosteriorHeads heads = new PosteriorHeads(model);
    List<float[]> latents = new ArrayList<>();
    for (int from = 0; from + 1 < states.length; from += 2) {
      // With the noise of the first image's reconstruction, the row begins with it.
      long noiseKey =
          NoiseKey.of(run.settings().seed(), NoiseKey.INFERENCE, endpoints.get(from).getInt(0));
      latents.addAll(
          Interpolation.between(
              heads.sample(states[from], noiseKey),
              heads.sample(states[from + 1], noiseKey),
              INTERPOLATION_STEPS));
    }
    return new ImageGrid(states.length / 2, INTERPOLATION_STEPS, 2)
        .render(
            "Interpolation between test images",
            "Each row interpolates linearly between posterior samples of two images. Its left"
                + " end is the reconstruction of the first image.",
            new LatentDecoder(model, run.modelConfig()).decode(latents));
  }

  /**
   * Returns the first image of each label. If the number of labels is odd, the first image is added
   * again, so that all images form pairs.
   */
  private static List<Row> firstOfEachLabel(Dataset<Row> images) {
    Dataset<Row> first = images.groupBy("label").agg(min("image_id").as("image_id"));
    List<Row> endpoints =
        new ArrayList<>(
            images
                .join(first.select("image_id"), "image_id")
                .orderBy("label")
                .select("image_id", "pixels")
                .collectAsList());
    if (endpoints.size() % 2 == 1) {
      endpoints.add(endpoints.get(0));
    }
    return endpoints;
  }
}
