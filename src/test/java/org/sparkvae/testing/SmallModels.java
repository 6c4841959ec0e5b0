package org.sparkvae.testing;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.LayerBackend;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.VaeGraph;

/** Untrained models for tests. */
public final class SmallModels {
  /** Four latent channels and no dropout, for tests in which the model's size does not matter. */
  public static final ModelConfig CONFIG = new ModelConfig(4, 0, 0.5, 0.001, 5);

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

  private static ComputationGraph initialized(ComputationGraph model) {
    model.init();
    return model;
  }
}
