package org.sparkvae.sampling;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/**
 * A stand-in for the aggregate posterior, the average of all images' q(z|x), which is not the
 * prior: a Gaussian mixture over the encoder's states, along their first principal components. A
 * draw of states becomes a posterior as an image's does, and z is drawn from that.
 */
public final class PosteriorMixture implements LatentDistribution {
  private static final long serialVersionUID = 1L;

  /** Keep the noise of states and of z apart from each other's, the prior's and every epoch's. */
  private static final int STATES = -2;

  static final int POSTERIOR = -3;

  /** With the states' own key the choice of a component would decide how far its noise goes. */
  private static final int COMPONENT = -4;

  private final Component[] mixture;
  private final PrincipalComponents axes;
  private final PosteriorHeads heads;
  private final long seed;

  /**
   * One normal distribution of the mixture.
   *
   * @param weight probability
   * @param mean along the principal components
   * @param root symmetric; the covariance is its square
   */
  // Made once and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Component(double weight, double[] mean, double[][] root) implements Serializable {
    double[] draw(float[] noise) {
      double[] drawn = mean.clone();
      for (int i = 0; i < drawn.length; i++) {
        for (int j = 0; j < drawn.length; j++) {
          drawn[i] += root[i][j] * noise[j];
        }
      }
      return drawn;
    }
  }

  PosteriorMixture(Component[] mixture, PrincipalComponents axes, PosteriorHeads heads, long seed) {
    this.mixture = mixture;
    this.axes = axes;
    this.heads = heads;
    this.seed = seed;
  }

  @Override
  public float[] z(int draw) {
    float[] states = axes.states(scores(draw));
    return heads.sample(states, NoiseKey.of(seed, POSTERIOR, draw));
  }

  /** A draw along the principal components. */
  double[] scores(int draw) {
    long choice = NoiseKey.of(seed, COMPONENT, draw);
    Component component = component(new SplittableRandom(choice).nextDouble());
    int size = component.mean().length;
    float[] noise = new float[size + size % 2];
    GaussianNoise.fill(NoiseKey.of(seed, STATES, draw), noise.length, noise, 0);
    return component.draw(noise);
  }

  private Component component(double uniform) {
    double below = 0;
    for (Component each : mixture) {
      below += each.weight();
      if (uniform < below) {
        return each;
      }
    }
    // Rounding may leave the sum of the weights a little under 1.
    return mixture[mixture.length - 1];
  }
}
