package org.sparkvae.sampling;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.model.noise.GaussianNoise;
import org.sparkvae.model.noise.NoiseKey;

/**
 * An approximation of the aggregate posterior, the average of q(z|x) over all images. It differs
 * from the prior.
 *
 * <p>The encoder computes 32 values per image row, the <i>states</i>. They determine the image's
 * posterior. A Gaussian mixture approximates the distribution of the states, reduced to their first
 * principal components. To sample z, states are sampled from the mixture. They determine a
 * posterior in the same way as the states of an image, and z is sampled from that posterior.
 */
public final class PosteriorMixture implements LatentDistribution {
  /**
   * The epoch in the noise keys of states. It is negative, so that no key equals that of an epoch.
   */
  private static final int STATE_NOISE = -2;

  /** The epoch in the noise keys of z. */
  static final int LATENT_NOISE = -3;

  /**
   * The epoch in the keys that choose a component. With the keys of the states, the choice would be
   * correlated with the states' noise.
   */
  private static final int COMPONENT_CHOICE = -4;

  private final Component[] mixture;
  private final PrincipalComponents axes;
  private final PosteriorHeads heads;
  private final long seed;

  /**
   * A normal distribution of the mixture.
   *
   * @param weight the probability of the component
   * @param mean the mean, in principal components
   * @param root the symmetric square root of the covariance
   */
  record Component(double weight, double[] mean, double[][] root) implements Serializable {
    double[] transform(float[] noise) {
      double[] scores = mean.clone();
      for (int i = 0; i < scores.length; i++) {
        for (int j = 0; j < scores.length; j++) {
          scores[i] += root[i][j] * noise[j];
        }
      }
      return scores;
    }
  }

  PosteriorMixture(Component[] mixture, PrincipalComponents axes, PosteriorHeads heads, long seed) {
    this.mixture = mixture;
    this.axes = axes;
    this.heads = heads;
    this.seed = seed;
  }

  @Override
  public float[] sample(int index) {
    float[] states = axes.reconstruct(sampleScores(index));
    return heads.sample(states, NoiseKey.of(seed, LATENT_NOISE, index));
  }

  /** Returns a sample of scores along the principal components. */
  double[] sampleScores(int index) {
    long choice = NoiseKey.of(seed, COMPONENT_CHOICE, index);
    Component component = component(new SplittableRandom(choice).nextDouble());
    int size = component.mean().length;
    float[] noise = new float[size + size % 2];
    GaussianNoise.fill(NoiseKey.of(seed, STATE_NOISE, index), noise.length, noise, 0);
    return component.transform(noise);
  }

  private Component component(double uniform) {
    double cumulativeWeight = 0;
    for (Component component : mixture) {
      cumulativeWeight += component.weight();
      if (uniform < cumulativeWeight) {
        return component;
      }
    }
    // Rounding may make the sum of the weights slightly less than 1.
    return mixture[mixture.length - 1];
  }
}
