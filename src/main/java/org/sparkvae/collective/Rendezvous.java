package org.sparkvae.collective;

import java.io.Serializable;
import java.time.Duration;

/**
 * The place where the workers find each other, on the driver. It listens on one address only, and
 * tells each worker the addresses of the others.
 */
public final class Rendezvous implements AutoCloseable {
  /** Gives the workers ranks in the order of their ids, not of their hosts. */
  private static final int SORT_BY_ID = 1;

  /** The time within which all workers must join. */
  private static final Duration TIMEOUT = Duration.ofSeconds(50);

  private final int workers;
  private final long[] tracker = new long[1];

  /**
   * The address of a rendezvous.
   *
   * @param json the arguments that a worker needs to join, null if there is one worker
   */
  public record Address(String json) implements Serializable {}

  private Rendezvous(int workers) {
    this.workers = workers;
  }

  /**
   * Opens a rendezvous, unless there is only one worker.
   *
   * @param host the driver's address on which it listens
   */
  public static Rendezvous open(String host, int workers) {
    Rendezvous rendezvous = new Rendezvous(workers);
    if (workers > 1) {
      RabitFunction.TRACKER_CREATE.call(
          host, workers, 0, SORT_BY_ID, TIMEOUT.toSeconds(), rendezvous.tracker);
      RabitFunction.TRACKER_RUN.call(rendezvous.tracker[0]);
    }
    return rendezvous;
  }

  /** Returns the address, to be sent to the workers. */
  public Address address() {
    String[] json = new String[1];
    if (workers > 1) {
      RabitFunction.TRACKER_WORKER_ARGUMENTS.call(tracker[0], 0L, json);
    }
    return new Address(json[0]);
  }

  @Override
  public void close() {
    if (workers > 1) {
      RabitFunction.TRACKER_FREE.call(tracker[0]);
    }
  }
}
