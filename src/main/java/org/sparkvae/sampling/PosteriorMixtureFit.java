package org.sparkvae.sampling;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.linalg.SymmetricSquareRoot;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.sampling.PosteriorMixture.Component;
import org.sparkvae.spark.BatchInference;
import org.sparkvae.spark.ProcessSelfTest;

/**
 * The fit of a {@link PosteriorMixture} to a model's posteriors.
 *
 * <p>Spark ML's Gaussian mixture is not suitable. It throws an exception if a density overflows a
 * double, which narrow Gaussians in 64 dimensions cause. Its result also depends on the installed
 * BLAS.
 */
public final class PosteriorMixtureFit {
  private static final int MAX_PRINCIPAL_COMPONENTS = 64;
  private static final int IMAGES_PER_PRINCIPAL_COMPONENT = 4;
  private static final int MAX_GAUSSIANS = 20;
  private static final int IMAGES_PER_GAUSSIAN = 500;

  /** The minimum number of Gaussians. */
  private static final int MIN_GAUSSIANS = 2;

  /**
   * The mixture for a model that gives every image the same posterior. It has no principal
   * components.
   */
  private static final Component[] SINGLE_POINT = {
    new Component(1, new double[0], new double[0][])
  };

  private PosteriorMixtureFit() {}

  /**
   * Fits a mixture of up to {@value #MAX_GAUSSIANS} normal distributions in up to {@value
   * #MAX_PRINCIPAL_COMPONENTS} principal components. Fewer images give fewer of both.
   *
   * @param images a DataFrame with columns {@code image_id} and {@code pixels}
   * @param count the number of images
   * @param model the model whose aggregate posterior is approximated
   * @param archive the same model as an archive from {@link ModelFile#forInference}
   * @param seed the seed of the fit and of the samples
   */
  public static PosteriorMixture fit(
      Dataset<Row> images,
      int count,
      ComputationGraph model,
      Broadcast<byte[]> archive,
      long seed) {
    float[][] states = states(images, archive);
    PosteriorHeads heads = new PosteriorHeads(model);
    if (Arrays.stream(states).allMatch(imageStates -> Arrays.equals(imageStates, states[0]))) {
      double[] origin = new double[states[0].length];
      Arrays.setAll(origin, i -> states[0][i]);
      return new PosteriorMixture(
          SINGLE_POINT, new PrincipalComponents(origin, new double[0][]), heads, seed);
    }
    PrincipalComponents components =
        PrincipalComponents.of(
            states, Math.min(MAX_PRINCIPAL_COMPONENTS, count / IMAGES_PER_PRINCIPAL_COMPONENT));
    GaussianMixtureFit.Mixture mixture =
        GaussianMixtureFit.fit(
            Arrays.stream(states).map(components::project).toArray(double[][]::new),
            Math.max(MIN_GAUSSIANS, Math.min(MAX_GAUSSIANS, count / IMAGES_PER_GAUSSIAN)),
            seed);
    return new PosteriorMixture(components(mixture), components, heads, seed);
  }

  /** Returns the states of all images by id; 36 MB for 10,000 images. */
  private static float[][] states(Dataset<Row> images, Broadcast<byte[]> archive) {
    List<float[]> states =
        BatchInference.collect(
            images.select("image_id", "pixels"),
            archive,
            ProcessSelfTest::readModel,
            PosteriorMixtureFit::states,
            Encoders.javaSerialization(float[].class));
    return states.toArray(float[][]::new);
  }

  private static List<float[]> states(ComputationGraph model, int[] ids, List<Row> block) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(1)).toArray(byte[][]::new);
    return List.of(new PosteriorEncoder(model).states(pixels));
  }

  private static Component[] components(GaussianMixtureFit.Mixture mixture) {
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
