package org.sparkvae.training.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sparkvae.training.TrainedMinibatch;

/**
 * A sender of a worker's losses to the driver, about once per second. Sending each loss alone would
 * take the worker about 1.5 ms, during which the other workers wait.
 */
final class LossSender {
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final Consumer<? super LossMessage> receiver;
  private List<TrainedMinibatch> unsent = new ArrayList<>();

  /** The first loss is sent at once, because {@link EpochFailureDetector} waits for it. */
  private long nextSendTime = System.nanoTime();

  LossSender(Consumer<? super LossMessage> receiver) {
    this.receiver = receiver;
  }

  /** Sends a minibatch's loss, now or later. One that is not finite is sent now. */
  void send(TrainedMinibatch minibatch) {
    unsent.add(minibatch);
    if (System.nanoTime() - nextSendTime >= 0 || !minibatch.loss().isFinite()) {
      flush();
    }
  }

  /** Sends the losses that have not been sent yet. */
  void flush() {
    if (!unsent.isEmpty()) {
      receiver.accept(new LossMessage(unsent));
      unsent = new ArrayList<>();
      nextSendTime = System.nanoTime() + INTERVAL_NANOS;
    }
  }
}
