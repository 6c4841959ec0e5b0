package org.sparkvae.spark;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** The size of the task results that the driver has to hold. */
public final class TaskResultSize {
  private static final int LISTENER_BUS_TIMEOUT_MILLIS = 10_000;

  private TaskResultSize() {}

  /** Returns the size in bytes of all task results while an action runs. */
  public static long measure(Runnable action) throws TimeoutException {
    SparkContext spark = LocalSpark.session().sparkContext();
    AtomicLong bytes = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            bytes.addAndGet(task.taskMetrics().resultSize());
          }
        };
    spark.listenerBus().waitUntilEmpty(LISTENER_BUS_TIMEOUT_MILLIS);
    spark.addSparkListener(listener);
    try {
      action.run();
      spark.listenerBus().waitUntilEmpty(LISTENER_BUS_TIMEOUT_MILLIS);
    } finally {
      spark.removeSparkListener(listener);
    }
    return bytes.get();
  }
}
