package org.sparkvae.collective;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.lang3.RegExUtils;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;

/**
 * The connection of one worker to the others, which uses Gloo. A single worker needs no library.
 *
 * <p>Every sum has the same bits on all workers, and the same bits in every run with the same
 * number of workers. The values travel unencrypted, and the workers do not authenticate each other.
 */
public final class Communicator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Communicator.class);

  private final int rank;

  /** Null if there is one worker. */
  private final ProcessGroupGloo group;

  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  private Communicator(int rank, ProcessGroupGloo group) {
    this.rank = rank;
    this.group = group;
  }

  /**
   * Joins the other workers and waits until all have joined.
   *
   * @param allGather a function that sends a text to all workers and returns the texts of all
   *     workers in the order of their ranks
   * @param bindAddress the only address of this host at which the worker listens
   * @param rank the index of this worker, from 0
   * @throws TransientException if not all workers join in time
   */
  public static Communicator join(
      Function<String, List<String>> allGather, String bindAddress, int rank, int workers) {
    return new Communicator(
        rank, workers == 1 ? null : Rendezvous.connect(allGather, bindAddress, rank, workers));
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
    if (group == null) {
      return;
    }
    if (buffer.capacity() < values.length * Double.BYTES) {
      buffer =
          ByteBuffer.allocateDirect(values.length * Double.BYTES).order(ByteOrder.nativeOrder());
    }
    buffer.asDoubleBuffer().put(values);
    try (BytePointer start = new BytePointer(buffer)) {
      start(start, values.length, torch.ScalarType.Double, () -> {}).await();
    }
    buffer.asDoubleBuffer().get(values);
  }

  /**
   * Adds the values of all workers.
   *
   * @param values a contiguous array of floats of this worker, which the sums replace
   * @throws TransientException if a worker ended or did not answer in time
   */
  public void sum(INDArray values) {
    start(values).await();
  }

  /**
   * Starts to add the values of all workers. All workers start the same sums in the same order.
   *
   * @param values a contiguous array of floats of this worker, which the sums replace
   */
  public PendingSum start(INDArray values) {
    if (group == null) {
      return new PendingSum(null, () -> {});
    }
    AffinityManager memory = Nd4j.getAffinityManager();
    memory.ensureLocation(values, Location.HOST);
    return start(
        values.data().addressPointer(),
        values.length(),
        torch.ScalarType.Float,
        () -> memory.tagLocation(values, Location.HOST));
  }

  private PendingSum start(Pointer start, long length, torch.ScalarType type, Runnable whenDone) {
    try (TensorOptions options = new TensorOptions(type);
        Tensor tensor = torch.from_blob(start, new long[] {length}, options);
        TensorVector tensors = new TensorVector(tensor)) {
      return new PendingSum(group.allreduce(tensors), whenDone);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /** A sum that has been started. */
  public static final class PendingSum {
    private final Work work;
    private final Runnable whenDone;

    private PendingSum(Work work, Runnable whenDone) {
      this.work = work;
      this.whenDone = whenDone;
    }

    /**
     * Waits until the values have been replaced by the sums.
     *
     * @throws TransientException if a worker ended or did not answer in time
     */
    public void await() {
      try (work) {
        if (work != null) {
          work._wait();
        }
      } catch (RuntimeException e) {
        throw failure(e);
      }
      whenDone.run();
    }
  }

  /** Returns the exception for an error of Gloo. */
  static TransientException failure(RuntimeException error) {
    return new TransientException(
        "The connection to another worker failed (%s).".formatted(message(error)), error);
  }

  /** Returns the message of an error of Gloo, which begins with the name of a source file. */
  static String message(RuntimeException error) {
    return RegExUtils.removeFirst(ErrorText.firstLine(error), "^\\[\\S+\\] ");
  }

  /**
   * Waits until all workers have called this method. Each calls it before it closes its connection,
   * because the others may not have received its last values yet.
   */
  public void awaitAll() {
    try {
      sum(new double[1]);
    } catch (TransientException e) {
      // The others have all earlier values: one that closed its connection has returned from here.
      LOG.info("The connection to another worker was closed first.", e);
    }
  }

  @Override
  public void close() {
    if (group != null) {
      group.close();
    }
  }
}
