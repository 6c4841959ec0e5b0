package org.sparkvae.spark;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** What tasks send to the driver, which has to hold it. */
public final class DriverTraffic {
  private static final int NEWS_MILLIS = 10_000;

  private DriverTraffic() {}

  /** The bytes of all tasks' results while some work is done. */
  public static long during(Runnable work) throws TimeoutException {
    SparkContext spark = LocalSpark.session().sparkContext();
    AtomicLong bytes = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            bytes.addAndGet(task.taskMetrics().resultSize());
          }
        };
    spark.listenerBus().waitUntilEmpty(NEWS_MILLIS);
    spark.addSparkListener(listener);
    try {
      work.run();
      spark.listenerBus().waitUntilEmpty(NEWS_MILLIS);
    } finally {
      spark.removeSparkListener(listener);
    }
    return bytes.get();
  }
}
