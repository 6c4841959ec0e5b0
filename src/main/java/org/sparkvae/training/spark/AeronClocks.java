package org.sparkvae.training.spark;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.sparkvae.spark.ProcessClock;

/**
 * The clocks of Aeron. With the clocks of the system, Aeron ends its clients and prints a stack
 * trace if the process was suspended for 30 s.
 */
final class AeronClocks {
  private AeronClocks() {}

  /**
   * Makes all instances of Aeron that start later use {@link ProcessClock}. Deeplearning4j creates
   * Aeron's contexts itself, and they take their clocks from these constants.
   */
  static void replace() {
    LibraryConstants.replace(SystemNanoClock.class, "INSTANCE", new NanoClock());
    LibraryConstants.replace(SystemEpochClock.class, "INSTANCE", new EpochClock());
  }

  private static final class NanoClock extends SystemNanoClock {
    @Override
    public long nanoTime() {
      return ProcessClock.nanoTime();
    }
  }

  private static final class EpochClock extends SystemEpochClock {
    private final long offset =
        System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(ProcessClock.nanoTime());

    @Override
    public long time() {
      return offset + TimeUnit.NANOSECONDS.toMillis(ProcessClock.nanoTime());
    }
  }
}
