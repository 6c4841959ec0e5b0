package org.sparkvae.training.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How late Linux may wake a sleeping thread. Deeplearning4j's transport looks for messages and
 * sleeps for a microsecond, over and over; with Linux's usual slack of 50 µs that wakes a core some
 * twenty thousand times a second, and on two cores made a training step of 200 ms take 400.
 */
final class TimerSlack {
  private static final Path PROCESSES = Path.of("/proc");
  private static final String ONE_MILLISECOND = "1000000";

  private TimerSlack() {}

  /** Widens the calling thread's, and that of the threads it will start, which inherit it. */
  static void widen() {
    try {
      // A link to <process>/task/<thread>; a thread may change its own slack, by its own name only.
      Path thread = Files.readSymbolicLink(PROCESSES.resolve("thread-self")).getFileName();
      Files.writeString(PROCESSES.resolve(thread).resolve("timerslack_ns"), ONE_MILLISECOND);
    } catch (IOException notLinux) {
      // Slower, but right.
    }
  }
}
