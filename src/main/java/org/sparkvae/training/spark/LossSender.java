package org.sparkvae.training.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sparkvae.spark.SparkVaePlugin;
import org.sparkvae.training.TrainedMinibatch;

/**
 * A sender of a worker's losses to the driver, about once per second. A message for every minibatch
 * would take the worker 1.5 ms each, in which the other workers wait.
 */
final class LossSender implements Consumer<TrainedMinibatch>, AutoCloseable {
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private List<TrainedMinibatch> unsent = new ArrayList<>();
  private long nextTime = System.nanoTime();

  /** A message with the minibatches that a worker has trained on since its last message. */
  record Message(List<TrainedMinibatch> minibatches) implements Serializable {}

  /** Sends the loss of one minibatch at once. */
  static void sendNow(TrainedMinibatch minibatch) {
    SparkVaePlugin.send(new Message(List.of(minibatch)));
  }

  @Override
  public void accept(TrainedMinibatch minibatch) {
    unsent.add(minibatch);
    if (System.nanoTime() - nextTime >= 0) {
      close();
    }
  }

  /** Sends the losses that have not been sent yet. */
  @Override
  public void close() {
    if (!unsent.isEmpty()) {
      SparkVaePlugin.send(new Message(unsent));
      unsent = new ArrayList<>();
      nextTime = System.nanoTime() + INTERVAL_NANOS;
    }
  }
}
