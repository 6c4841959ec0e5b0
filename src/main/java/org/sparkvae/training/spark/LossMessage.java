package org.sparkvae.training.spark;

import java.io.Serializable;
import java.util.List;
import org.sparkvae.spark.SparkVaePlugin;
import org.sparkvae.training.TrainedMinibatch;

/**
 * A message from a worker to the driver about its losses.
 *
 * @param minibatches the minibatches that the worker trained since its last message
 */
record LossMessage(List<TrainedMinibatch> minibatches) implements Serializable {

  /** Sends a message about one minibatch. */
  static void send(TrainedMinibatch minibatch) {
    SparkVaePlugin.send(new LossMessage(List.of(minibatch)));
  }
}
