package org.sparkvae.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gauges of training in Spark's metrics system. The driver registers them under the name of
 * {@link SparkVaePlugin}, and every configured sink receives them.
 *
 * <ul>
 *   <li>{@code epoch}: the current epoch
 *   <li>{@code images}: the images trained on in this epoch
 *   <li>{@code images_per_second}: the mean rate in this epoch
 *   <li>{@code loss}: the loss of the last minibatch, which is the cross-entropy in nats per pixel
 *       plus the regularization term
 * </ul>
 */
public final class TrainingGauges {
  private static final AtomicInteger EPOCH = new AtomicInteger();
  private static final AtomicInteger IMAGES = new AtomicInteger();
  private static final AtomicLong EPOCH_START = new AtomicLong();
  private static final AtomicLong LAST_MINIBATCH = new AtomicLong();
  private static volatile double loss = Double.NaN;

  private TrainingGauges() {}

  static void register(MetricRegistry metrics) {
    metrics.register("epoch", (Gauge<Integer>) EPOCH::get);
    metrics.register("images", (Gauge<Integer>) IMAGES::get);
    metrics.register("images_per_second", (Gauge<Double>) TrainingGauges::imagesPerSecond);
    metrics.register("loss", (Gauge<Double>) () -> loss);
  }

  private static double imagesPerSecond() {
    // Do not count the time since the last minibatch: nothing is trained between epochs.
    double seconds = (LAST_MINIBATCH.get() - EPOCH_START.get()) / 1e9;
    return IMAGES.get() == 0 ? 0 : IMAGES.get() / seconds;
  }

  /** Records the start of an epoch. */
  public static void epochStarted(int epoch) {
    EPOCH.set(epoch);
    IMAGES.set(0);
    EPOCH_START.set(System.nanoTime());
  }

  /**
   * Records a trained minibatch.
   *
   * @param minibatchLoss the loss of the minibatch
   * @param images the number of images in the minibatch
   */
  public static void minibatchTrained(double minibatchLoss, int images) {
    loss = minibatchLoss;
    IMAGES.addAndGet(images);
    LAST_MINIBATCH.set(System.nanoTime());
  }
}
