package org.sparkvae.spark;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.LongSupplier;

/**
 * A clock for timeouts that stands still while the process is suspended, for example by Ctrl-Z, a
 * closed laptop or a paused container. In that time the process cannot receive what it waits for.
 *
 * <p>A gap between two readings that is longer than any pause of a running process counts as a
 * suspension.
 */
public final class ProcessClock {
  private static final Duration READING_INTERVAL = Duration.ofSeconds(1);
  private static final Duration MAX_GAP = Duration.ofSeconds(5);
  private static final ProcessClock INSTANCE = new ProcessClock(System::nanoTime);

  static {
    new Timer("spark-vae-process-clock", true)
        .schedule(
            new TimerTask() {
              @Override
              public void run() {
                nanoTime();
              }
            },
            0,
            READING_INTERVAL.toMillis());
  }

  private final LongSupplier source;
  private long lastReading;
  private long suspended;

  ProcessClock(LongSupplier source) {
    this.source = source;
    this.lastReading = source.getAsLong();
  }

  /**
   * Returns the time for which the process has run, in nanoseconds. As with {@link
   * System#nanoTime}, only differences have a meaning.
   */
  public static long nanoTime() {
    return INSTANCE.read();
  }

  synchronized long read() {
    long now = source.getAsLong();
    if (now - lastReading > MAX_GAP.toNanos()) {
      suspended += now - lastReading;
    }
    lastReading = now;
    return now - suspended;
  }
}
