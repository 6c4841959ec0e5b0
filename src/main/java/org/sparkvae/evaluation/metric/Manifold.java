package org.sparkvae.evaluation.metric;

import java.util.List;
import java.util.stream.IntStream;

/**
 * An estimate of the manifold of given vectors as a union of balls (Kynkäänniemi, Karras, Laine,
 * Lehtinen and Aila, 2019). Each ball is centered on an example and extends to its third nearest
 * neighbor among the examples.
 *
 * <p>The fraction of generated images in the manifold of real images is the generator's precision.
 * The fraction of real images in the manifold of generated images is its recall. The computation
 * uses all cores of the calling process.
 */
public final class Manifold {
  static final int NEIGHBORS = 3;

  private final NearestNeighbors centers;
  private final float[] squaredRadii;

  private Manifold(NearestNeighbors centers, float[] squaredRadii) {
    this.centers = centers;
    this.squaredRadii = squaredRadii;
  }

  /** Returns the manifold of at least four examples. */
  public static Manifold of(List<float[]> examples) {
    NearestNeighbors centers = new NearestNeighbors(examples);
    float[] squaredRadii = new float[examples.size()];
    IntStream.range(0, squaredRadii.length)
        .parallel()
        .forEach(n -> squaredRadii[n] = squaredRadius(centers, examples.get(n)));
    return new Manifold(centers, squaredRadii);
  }

  private static float squaredRadius(NearestNeighbors centers, float[] example) {
    float[] distances = centers.squaredDistances(example);
    // The nearest neighbor is the example itself or a duplicate, so one more neighbor is needed.
    return distances[NearestNeighbors.smallest(distances, NEIGHBORS + 1)[NEIGHBORS]];
  }

  /** Returns the fraction of vectors inside at least one ball. */
  public double fractionInside(List<float[]> vectors) {
    return vectors.parallelStream().filter(this::contains).count() / (double) vectors.size();
  }

  private boolean contains(float[] vector) {
    float[] distances = centers.squaredDistances(vector);
    for (int n = 0; n < distances.length; n++) {
      if (distances[n] <= squaredRadii[n]) {
        return true;
      }
    }
    return false;
  }
}
