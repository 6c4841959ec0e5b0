package org.sparkvae.training;

import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Trains a model, an epoch at a time. */
public interface Trainer extends AutoCloseable {
  /**
   * Trains on every image once, in the epoch's own order, and updates {@link #model}.
   *
   * @param epoch from 1
   * @param losses told of every minibatch, from any thread
   */
  void epoch(int epoch, Consumer<MinibatchLoss> losses);

  /** The model with Adam's state, as after the last epoch. */
  ComputationGraph model();

  @Override
  void close();
}
