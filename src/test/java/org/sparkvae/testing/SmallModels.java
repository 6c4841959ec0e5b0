package org.sparkvae.testing;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.model.noise.NoiseKey;

/** Small models for tests. */
public final class SmallModels {
  /** Four latent channels and no dropout, for tests in which the model's size does not matter. */
  public static final ModelConfig CONFIG = new ModelConfig(4, 0, 0.5, 0.001, 5);

  /** The smallest model that the reference report's layers allow. */
  public static final ModelConfig SMALLEST = new ModelConfig(2, 0, 0.5, 0.001, 1);

  private SmallModels() {}

  /** Returns a model of {@link #CONFIG}. */
  public static ComputationGraph untrained() {
    return untrained(CONFIG);
  }

  /** Returns a model with the default layers. */
  public static ComputationGraph untrained(ModelConfig config) {
    return initialized(new ComputationGraph(VaeGraph.autoEncoderConfiguration(config)));
  }

  /** Returns a model with the given layers. */
  public static ComputationGraph untrained(ModelConfig config, LayerBackend backend) {
    return initialized(new ComputationGraph(VaeGraph.autoEncoderConfiguration(config, backend)));
  }

  /**
   * Returns a model of {@link #CONFIG} whose posteriors differ from the prior, which they are close
   * to without training.
   */
  public static ComputationGraph withDistinctPosteriors(LayerBackend backend) {
    ComputationGraph model = untrained(CONFIG, backend);
    model.getLayer(VaeGraph.MEAN).params().muli(16);
    model.getLayer(VaeGraph.LOG_VARIANCE).params().muli(16);
    return model;
  }

  /** Returns a trained model of {@link #SMALLEST}, with Adam's state and an iteration count. */
  public static ComputationGraph trained(int iterations) {
    ComputationGraph model = untrained(SMALLEST);
    for (int i = 0; i < iterations; i++) {
      model.fit(minibatch());
    }
    return model;
  }

  /** Returns two random images to train on. */
  public static Minibatch minibatch() {
    byte[][] images = new byte[2][ImageShape.PIXELS];
    Random random = new Random(1);
    random.nextBytes(images[0]);
    random.nextBytes(images[1]);
    return new Minibatch(images, new long[] {NoiseKey.of(1, 1, 0), NoiseKey.of(1, 1, 1)});
  }

  private static ComputationGraph initialized(ComputationGraph model) {
    model.init();
    return model;
  }
}
