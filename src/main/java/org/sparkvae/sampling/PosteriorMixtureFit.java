package org.sparkvae.sampling;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.clustering.GaussianMixture;
import org.apache.spark.ml.clustering.GaussianMixtureModel;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.ml.stat.distribution.MultivariateGaussian;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.linear.SymmetricRoot;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.sampling.PosteriorMixture.Component;
import org.sparkvae.spark.ImageBlocks;

/** Fits a {@link PosteriorMixture} with Spark ML's PCA and Gaussian mixture. */
public final class PosteriorMixtureFit {
  private static final int PRINCIPAL_COMPONENTS = 64;
  private static final int IMAGES_PER_PRINCIPAL_COMPONENT = 4;
  private static final int GAUSSIANS = 20;
  private static final int IMAGES_PER_GAUSSIAN = 500;

  /** Spark's mixture is none with fewer. */
  private static final int FEWEST_GAUSSIANS = 2;

  private static final int MOST_ITERATIONS = 50;

  /** Of a model that gives every image the same posterior: no component to go along. */
  private static final Component[] POINT = {new Component(1, new double[0], new double[0][])};

  private static final String STATES = "states";
  private static final String SCORES = "scores";
  private static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType, false)
          .add(STATES, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private PosteriorMixtureFit() {}

  /**
   * Fits the mixture: {@value #GAUSSIANS} normal distributions along {@value #PRINCIPAL_COMPONENTS}
   * principal components, fewer where there are few images.
   *
   * @param images with columns {@code image_id} and {@code pixels}
   * @param count how many these are
   * @param model whose posteriors are meant
   * @param archive of {@link ModelFile#forInference} for that model
   * @param seed decides where the fit begins, and the draws
   */
  public static PosteriorMixture fit(
      Dataset<Row> images,
      int count,
      ComputationGraph model,
      Broadcast<byte[]> archive,
      long seed) {
    Dataset<Row> states = states(images, archive).persist();
    try {
      Row moments =
          states
              .select(
                  Summarizer.mean(col(STATES)).as("mean"),
                  Summarizer.variance(col(STATES)).as("variance"))
              .head();
      double[] mean = moments.<Vector>getAs("mean").toArray();
      PosteriorHeads heads = new PosteriorHeads(model);
      if (Vectors.norm(moments.getAs("variance"), 1) == 0) {
        return new PosteriorMixture(
            POINT, PrincipalComponents.around(mean, new double[0][]), heads, seed);
      }
      PCAModel components =
          new PCA()
              .setK(Math.min(PRINCIPAL_COMPONENTS, count / IMAGES_PER_PRINCIPAL_COMPONENT))
              .setInputCol(STATES)
              .setOutputCol(SCORES)
              .fit(states);
      GaussianMixtureModel mixture =
          new GaussianMixture()
              .setK(Math.max(FEWEST_GAUSSIANS, Math.min(GAUSSIANS, count / IMAGES_PER_GAUSSIAN)))
              .setFeaturesCol(SCORES)
              .setMaxIter(MOST_ITERATIONS)
              .setSeed(seed)
              .fit(components.transform(states).select(SCORES));
      return new PosteriorMixture(
          gaussians(mixture),
          PrincipalComponents.around(mean, columns(components.pc())),
          heads,
          seed);
    } finally {
      states.unpersist();
    }
  }

  /** In one partition and in order, so that no sum depends on where the images were. */
  private static Dataset<Row> states(Dataset<Row> images, Broadcast<byte[]> archive) {
    return ImageBlocks.map(
            images.select("image_id", "pixels"),
            archive,
            ModelFile::read,
            PosteriorMixtureFit::states,
            Encoders.row(SCHEMA))
        .repartition(1)
        .sortWithinPartitions("image_id")
        .select(array_to_vector(col(STATES)).as(STATES));
  }

  private static List<Row> states(ComputationGraph model, int[] ids, List<Row> block) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    float[][] states = new PosteriorEncoder(model).states(pixels);
    List<Row> rows = new ArrayList<>(ids.length);
    for (int n = 0; n < ids.length; n++) {
      rows.add(RowFactory.create(ids[n], states[n]));
    }
    return rows;
  }

  private static Component[] gaussians(GaussianMixtureModel mixture) {
    MultivariateGaussian[] gaussians = mixture.gaussians();
    Component[] components = new Component[gaussians.length];
    for (int k = 0; k < components.length; k++) {
      components[k] =
          new Component(
              mixture.weights()[k],
              gaussians[k].mean().toArray(),
              SymmetricRoot.of(columns(gaussians[k].cov())));
    }
    return components;
  }

  private static double[][] columns(Matrix matrix) {
    double[][] columns = new double[matrix.numCols()][matrix.numRows()];
    for (int column = 0; column < columns.length; column++) {
      for (int row = 0; row < columns[column].length; row++) {
        columns[column][row] = matrix.apply(row, column);
      }
    }
    return columns;
  }
}
