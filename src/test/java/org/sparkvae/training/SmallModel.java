package org.sparkvae.training;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.noise.NoiseKey;
import org.sparkvae.testing.SmallModels;

/** The smallest model that the reference report's layers allow, and a minibatch to train it on. */
final class SmallModel {
  private SmallModel() {}

  static ComputationGraph untrained() {
    return SmallModels.untrained(new ModelConfig(2, 0, 0.5, 0.001, 1));
  }

  /** Returns a trained model, with Adam's state and an iteration count. */
  static ComputationGraph trained(int iterations) {
    ComputationGraph model = untrained();
    for (int i = 0; i < iterations; i++) {
      model.fit(minibatch());
    }
    return model;
  }

  static Minibatch minibatch() {
    byte[][] images = new byte[2][ImageShape.PIXELS];
    Random random = new Random(1);
    random.nextBytes(images[0]);
    random.nextBytes(images[1]);
    return new Minibatch(images, new long[] {NoiseKey.of(1, 1, 0), NoiseKey.of(1, 1, 1)});
  }
}
