package org.sparkvae.training;

import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.exception.DivergenceException;

/** A trainer that updates a model one epoch at a time. */
public interface Trainer extends AutoCloseable {
  /**
   * Trains on every image once, in the order of the epoch's permutation, and updates {@link
   * #model}.
   *
   * @param epoch the epoch, counted from 1
   * @param trained the consumer of every trained minibatch, called from any thread
   * @return the drift of the workers' replicas before they were synchronized: the largest Euclidean
   *     distance of a replica from the model, divided by the distance that the model moved in the
   *     epoch. It is 0 for a single replica. It is also 0 for allreduce, whose replicas are equal,
   *     and for averaging, which synchronizes replicas every few minibatches, so that drift cannot
   *     be measured.
   * @throws DivergenceException if a loss became NaN or infinite
   */
  double trainEpoch(int epoch, Consumer<TrainedMinibatch> trained);

  /** Returns the number of workers, each with its own replica of the model. */
  int workers();

  /**
   * Returns the native library or GPU of each worker, by the name of its process, such as {@code
   * executor 0 (10.0.0.7)}.
   */
  Map<String, String> backends();

  /**
   * Returns the number of images in each minibatch that {@link #trainEpoch} reports, except for the
   * last of the epoch. It is smaller than the setting with {@code shared} on several workers, each
   * of which reports its parts.
   */
  int batchSize();

  /** Returns the model with Adam's state after the last epoch. */
  ComputationGraph model();

  @Override
  void close();
}
