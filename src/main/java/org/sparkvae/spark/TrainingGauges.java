package org.sparkvae.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How training goes, for Spark's metrics system and whatever sinks are set up for it: {@code
 * epoch}, {@code images} (trained on in this epoch), {@code images_per_second} (of this epoch) and
 * {@code loss} (of the last minibatch: nats per pixel plus regularisation term), of the driver,
 * under the name of {@link SparkVaePlugin}.
 */
public final class TrainingGauges {
  private static final AtomicInteger EPOCH = new AtomicInteger();
  private static final AtomicInteger IMAGES = new AtomicInteger();
  private static final AtomicLong STARTED = new AtomicLong();
  private static final AtomicLong LAST = new AtomicLong();
  private static volatile double loss = Double.NaN;

  private TrainingGauges() {}

  static void register(MetricRegistry metrics) {
    metrics.register("epoch", (Gauge<Integer>) EPOCH::get);
    metrics.register("images", (Gauge<Integer>) IMAGES::get);
    metrics.register("images_per_second", (Gauge<Double>) TrainingGauges::imagesPerSecond);
    metrics.register("loss", (Gauge<Double>) () -> loss);
  }

  private static double imagesPerSecond() {
    // Not until now: nothing is trained between epochs, and after the last.
    double seconds = (LAST.get() - STARTED.get()) / 1e9;
    return IMAGES.get() == 0 ? 0 : IMAGES.get() / seconds;
  }

  /** An epoch begins. */
  public static void epochStarted(int epoch) {
    EPOCH.set(epoch);
    IMAGES.set(0);
    STARTED.set(System.nanoTime());
  }

  /** A minibatch of so many images was trained. */
  public static void minibatch(double lossOfMinibatch, int images) {
    loss = lossOfMinibatch;
    IMAGES.addAndGet(images);
    LAST.set(System.nanoTime());
  }
}
