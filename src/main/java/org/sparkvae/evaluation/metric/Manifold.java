package org.sparkvae.evaluation.metric;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Where vectors of some kind lie, as balls around examples, each up to the example's third nearest
 * neighbour among them (Kynkäänniemi, Karras, Laine, Lehtinen and Aila, 2019). The share of
 * generated images in the real ones' manifold is the generator's precision, the share of real ones
 * in the generated ones' its recall. Computed on all cores of the calling process.
 */
public final class Manifold {
  static final int NEIGHBOURS = 3;

  private final NearestNeighbors centres;
  private final float[] squaredRadii;

  private Manifold(NearestNeighbors centres, float[] squaredRadii) {
    this.centres = centres;
    this.squaredRadii = squaredRadii;
  }

  /** The manifold of examples, of which there have to be four or more. */
  public static Manifold of(List<float[]> examples) {
    NearestNeighbors centres = new NearestNeighbors(examples);
    float[] squaredRadii = new float[examples.size()];
    IntStream.range(0, squaredRadii.length)
        .parallel()
        .forEach(n -> squaredRadii[n] = squaredRadius(centres, examples.get(n)));
    return new Manifold(centres, squaredRadii);
  }

  private static float squaredRadius(NearestNeighbors centres, float[] example) {
    float[] distances = centres.squaredDistances(example);
    // The nearest is the example itself, or one that is no further from it.
    return distances[NearestNeighbors.smallest(distances, NEIGHBOURS + 1)[NEIGHBOURS]];
  }

  /** The share, in [0, 1], of vectors that lie within one of the balls at least. */
  public double share(List<float[]> vectors) {
    return vectors.parallelStream().filter(this::contains).count() / (double) vectors.size();
  }

  private boolean contains(float[] vector) {
    float[] distances = centres.squaredDistances(vector);
    for (int n = 0; n < distances.length; n++) {
      if (distances[n] <= squaredRadii[n]) {
        return true;
      }
    }
    return false;
  }
}
