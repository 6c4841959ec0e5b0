package org.sparkvae.run;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.ModelFile;
import org.sparkvae.sampling.LatentSource;
import org.sparkvae.sampling.PosteriorMixtureFit;
import org.sparkvae.sampling.Prior;

/** What a run's images are drawn from; the mixture is fitted once, when it is first asked for. */
final class LatentSources {
  private final Run run;
  private final SparkSession spark;
  private final Images images;
  private LatentSource mixture;

  LatentSources(Run run, SparkSession spark, Images images) {
    this.run = run;
    this.spark = spark;
    this.images = images;
  }

  LatentSource prior() {
    return new Prior(run.settings().latentSize(), run.settings().seed());
  }

  LatentSource posteriorMixture() {
    if (mixture == null) {
      mixture = fit();
    }
    return mixture;
  }

  private LatentSource fit() {
    ComputationGraph model = run.model();
    int count = Math.min(Measuring.MOST_IMAGES, images.trainCount());
    Broadcast<byte[]> archive =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(ModelFile.forInference(model));
    LatentSource[] fitted = new LatentSource[1];
    try {
      ImageProgress.show(
          run.reporter(),
          "fitting the posterior mixture",
          count,
          () ->
              fitted[0] =
                  PosteriorMixtureFit.fit(
                      images.train().where(col("image_id").lt(count)),
                      count,
                      model,
                      archive,
                      run.settings().seed()));
    } finally {
      archive.destroy();
    }
    return fitted[0];
  }
}
