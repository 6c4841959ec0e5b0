package org.sparkvae.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.linalg.SymmetricSquareRoot;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.Pixels;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.sampling.PosteriorMixture.Component;
import org.sparkvae.spark.BatchInference;

/**
 * Fits a {@link PosteriorMixture}. Not by Spark ML: its Gaussian mixture ends with an exception
 * where a density is too large for a double, as that of narrow Gaussians in 64 dimensions is, and
 * what it finds depends on the BLAS that is installed.
 */
public final class PosteriorMixtureFit {
  private static final int PRINCIPAL_COMPONENTS = 64;
  private static final int IMAGES_PER_PRINCIPAL_COMPONENT = 4;
  private static final int GAUSSIANS = 20;
  private static final int IMAGES_PER_GAUSSIAN = 500;

  /** With fewer it is no mixture. */
  private static final int FEWEST_GAUSSIANS = 2;

  /** Of a model that gives every image the same posterior: no component to go along. */
  private static final Component[] POINT = {new Component(1, new double[0], new double[0][])};

  private static final String STATES = "states";
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
    float[][] states = states(images, archive);
    PosteriorHeads heads = new PosteriorHeads(model);
    if (Arrays.stream(states).allMatch(each -> Arrays.equals(each, states[0]))) {
      double[] origin = new double[states[0].length];
      Arrays.setAll(origin, i -> states[0][i]);
      return new PosteriorMixture(
          POINT, new PrincipalComponents(origin, new double[0][]), heads, seed);
    }
    PrincipalComponents components =
        PrincipalComponents.of(
            states, Math.min(PRINCIPAL_COMPONENTS, count / IMAGES_PER_PRINCIPAL_COMPONENT));
    GaussianMixtureFit.Mixture mixture =
        GaussianMixtureFit.fit(
            Arrays.stream(states).map(components::scores).toArray(double[][]::new),
            Math.max(FEWEST_GAUSSIANS, Math.min(GAUSSIANS, count / IMAGES_PER_GAUSSIAN)),
            seed);
    return new PosteriorMixture(gaussians(mixture), components, heads, seed);
  }

  /** In the images' order; of 10,000 images 36 MB. */
  private static float[][] states(Dataset<Row> images, Broadcast<byte[]> archive) {
    return BatchInference.map(
            images.select("image_id", "pixels"),
            archive,
            ModelFile::read,
            PosteriorMixtureFit::states,
            Encoders.row(SCHEMA))
        .collectAsList()
        .stream()
        .sorted(Comparator.comparingInt(row -> row.getInt(0)))
        .map(row -> Pixels.array(row.getList(1)))
        .toArray(float[][]::new);
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

  private static Component[] gaussians(GaussianMixtureFit.Mixture mixture) {
    Component[] components = new Component[mixture.weights().length];
    for (int k = 0; k < components.length; k++) {
      components[k] =
          new Component(
              mixture.weights()[k],
              mixture.means()[k],
              SymmetricSquareRoot.of(mixture.covariances()[k]));
    }
    return components;
  }
}
