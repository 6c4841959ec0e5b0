package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition, with a deadline. */
public final class Await {
  private Await() {}

  /**
   * Waits until a condition holds.
   *
   * @param event the name of the condition in the message
   * @throws AssertionError if the condition does not hold in time
   */
  public static void await(String event, Duration within, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("no " + event).isLessThan(deadline);
      Thread.sleep(100);
    }
  }
}
