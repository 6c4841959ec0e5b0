package org.sparkvae.collective;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy by which Linux schedules a thread.
 *
 * <p>Gloo's network thread polls without a pause. Each time it wakes up, Linux's default policy
 * lets it interrupt the thread that computes the sums on the same core. This made a sum of 256
 * floats 4 to 35 times slower.
 */
final class SchedulingPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulingPolicy.class);

  /** Linux's SCHED_BATCH, whose threads never interrupt another thread when they wake up. */
  private static final int BATCH = 3;

  private SchedulingPolicy() {}

  /** Sets the policy of the calling thread. Threads that it starts later inherit the policy. */
  static void setBatchForCallingThread() {
    int[] priority = {0};
    int status =
        NativeLibrary.getInstance("c")
            .getFunction("sched_setscheduler")
            .invokeInt(new Object[] {0, BATCH, priority});
    if (status != 0) {
      // Training is slower, but correct.
      LOG.warn("sched_setscheduler failed (errno {}), so training is slow.", Native.getLastError());
    }
  }
}
