package org.sparkvae.collective;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.apache.commons.lang3.StringUtils;
import org.sparkvae.exception.TransientException;

/**
 * The connection of one worker to the others. It belongs to the thread that created it.
 *
 * <p>Every sum has the same bits on all workers, and the same bits in every run with the same
 * number of workers. The values travel unencrypted, and the workers do not authenticate each other.
 */
public final class Communicator implements AutoCloseable {
  /** The time that one worker waits for the others in a sum. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final int FLOAT32 = 1;
  private static final int FLOAT64 = 2;
  private static final int SUM = 2;

  private final int rank;
  private final int workers;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  private Communicator(int rank, int workers) {
    this.rank = rank;
    this.workers = workers;
  }

  /**
   * Joins the other workers and waits until all have joined.
   *
   * @param rank the index of this worker, from 0
   * @throws TransientException if not all workers join in time
   */
  public static Communicator join(Rendezvous.Address address, int rank, int workers) {
    if (workers > 1) {
      // Ids are ordered as strings.
      RabitFunction.COMMUNICATOR_INIT.call(
          "%s,\"dmlc_task_id\":\"%05d\",\"dmlc_timeout\":%d}"
              .formatted(
                  StringUtils.removeEnd(address.json().trim(), "}"), rank, TIMEOUT.toSeconds()));
    }
    return new Communicator(rank, workers);
  }

  /** Returns the index of this worker. */
  public int rank() {
    return rank;
  }

  /**
   * Adds the values of all workers.
   *
   * @param values the values of this worker, which the sums replace
   * @throws TransientException if a worker ended or did not answer in time
   */
  public void sum(double[] values) {
    if (workers > 1) {
      reserve(values.length * Double.BYTES).asDoubleBuffer().put(values);
      RabitFunction.COMMUNICATOR_ALLREDUCE.call(buffer, values.length, FLOAT64, SUM);
      buffer.asDoubleBuffer().get(values);
    }
  }

  /**
   * Adds the values of all workers.
   *
   * @param values the values of this worker, which the sums replace
   * @throws TransientException if a worker ended or did not answer in time
   */
  public void sum(float[] values) {
    if (workers > 1) {
      reserve(values.length * Float.BYTES).asFloatBuffer().put(values);
      RabitFunction.COMMUNICATOR_ALLREDUCE.call(buffer, values.length, FLOAT32, SUM);
      buffer.asFloatBuffer().get(values);
    }
  }

  private ByteBuffer reserve(int bytes) {
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    return buffer;
  }

  @Override
  public void close() {
    if (workers > 1) {
      RabitFunction.COMMUNICATOR_FINALIZE.call();
    }
  }
}
