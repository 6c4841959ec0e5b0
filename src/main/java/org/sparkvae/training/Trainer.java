package org.sparkvae.training;

import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Trains a model, an epoch at a time. */
public interface Trainer extends AutoCloseable {
  /**
   * Trains on every image once, in the epoch's own order, and updates {@link #model}.
   *
   * @param epoch from 1
   * @param trained told of every minibatch, from any thread
   * @return how far the workers' replicas had come apart before they were brought together again:
   *     their largest distance (Euclidean) from the model, as a share of the way it went in the
   *     epoch; 0 where there is one replica, or where nobody can tell: averaging brings replicas
   *     together after every few minibatches
   */
  double epoch(int epoch, Consumer<TrainedMinibatch> trained);

  /** The model with Adam's state, as after the last epoch. */
  ComputationGraph model();

  @Override
  void close();
}
