package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.ModelFile;
import org.sparkvae.sampling.LatentDistribution;
import org.sparkvae.sampling.PosteriorMixtureFit;
import org.sparkvae.sampling.Prior;
import org.sparkvae.spark.SparkSessions;

/**
 * The distributions of z that images are generated from. The mixture is fitted at its first use.
 */
final class LatentDistributions {
  private static final int MAX_FITTED_IMAGES = 10_000;

  private final Run run;
  private final SparkSession spark;
  private final RunImages images;
  private LatentDistribution mixture;

  LatentDistributions(Run run, SparkSession spark, RunImages images) {
    this.run = run;
    this.spark = spark;
    this.images = images;
  }

  /** Returns the prior N(0, I). */
  LatentDistribution prior() {
    return new Prior(run.settings().latentChannels(), run.settings().seed());
  }

  /** Returns a Gaussian mixture fitted to the posteriors of up to 10,000 training images. */
  LatentDistribution posteriorMixture() {
    if (mixture == null) {
      fit();
    }
    return mixture;
  }

  private void fit() {
    ComputationGraph model = run.model();
    int count = Math.min(MAX_FITTED_IMAGES, images.trainCount());
    Broadcast<byte[]> archive = SparkSessions.broadcast(spark, ModelFile.forInference(model));
    try {
      ImageProgress.run(
          run.reporter(),
          "fitting the posterior mixture",
          count,
          () ->
              mixture =
                  PosteriorMixtureFit.fit(
                      images.train().where(col("image_id").lt(count)),
                      count,
                      model,
                      archive,
                      run.settings().seed()));
    } finally {
      archive.destroy();
    }
  }
}
