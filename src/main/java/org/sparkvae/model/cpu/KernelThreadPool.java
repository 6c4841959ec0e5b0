package org.sparkvae.model.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The threads that the kernels run on: the calling one and as many helpers as the process was given
 * cores beside it. Each of them calls BLAS, which has a single thread, so that none wait or
 * compete.
 */
public final class KernelThreadPool {
  private static final ExecutorService HELPERS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "spark-vae-kernel");
            thread.setDaemon(true);
            return thread;
          });

  private static final ThreadLocal<Boolean> ALONE = ThreadLocal.withInitial(() -> false);

  /**
   * OpenMP keeps its number of threads for each thread that calls it. Set for good: nd4j's own
   * operations between two layers would leave OpenMP's threads spinning on the cores that the next
   * layer needs.
   */
  private static final ThreadLocal<Boolean> SINGLE_THREAD =
      ThreadLocal.withInitial(
          () -> {
            useThreadsHere(1);
            return true;
          });

  private static volatile int count = Runtime.getRuntime().availableProcessors();

  private KernelThreadPool() {}

  /** A share of some work: items from {@code from} up to but not including {@code to}. */
  interface Share {
    void run(int from, int to);
  }

  /**
   * Settles how many threads the kernels of this process run on together, all of the machine's
   * cores if nobody says.
   */
  public static void use(int cores) {
    count = Math.max(1, cores);
  }

  /** For nd4j's operations when the calling thread calls them. */
  private static void useThreadsHere(int threads) {
    // Before it nothing else of nd4j works.
    Nd4j.getBackend();
    // Of the whole process.
    openblas.blas_set_num_threads(1);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }

  /** Threads that a kernel called from here runs on. */
  static int count() {
    return ALONE.get() ? 1 : count;
  }

  /**
   * Runs kernels, and nd4j's own operations, on the calling thread only: for callers of which there
   * is one for each core.
   */
  public static <T> T alone(Supplier<T> work) {
    boolean before = ALONE.get();
    ALONE.set(true);
    SINGLE_THREAD.get();
    try {
      return work.get();
    } finally {
      ALONE.set(before);
    }
  }

  /**
   * Runs nd4j's own operations on so many threads of a machine with any number of cores: how they
   * round depends on it.
   */
  public static <T> T on(int threads, Supplier<T> work) {
    // On a thread of its own, since what one is set to stays.
    return CompletableFuture.supplyAsync(
            () -> {
              useThreadsHere(threads);
              return work.get();
            },
            task -> {
              Thread thread = new Thread(task, "spark-vae-nd4j");
              thread.setDaemon(true);
              thread.start();
            })
        .join();
  }

  /**
   * Shares items out to the threads, some neighbours at a time to whoever is free, and waits for
   * all of them: a thread that was held up does less.
   *
   * @param grain items to hand out at a time
   * @throws RuntimeException what a share threw
   */
  static void share(int items, int grain, Share work) {
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          SINGLE_THREAD.get();
          try {
            for (int from; (from = next.getAndAdd(grain)) < items; ) {
              work.run(from, Math.min(items, from + grain));
            }
          } finally {
            // After a fault nobody need begin another piece.
            next.set(items);
          }
        };
    int threads = Math.min(count(), (items + grain - 1) / grain);
    List<CompletableFuture<Void>> others = new ArrayList<>(threads);
    try {
      for (int thread = 1; thread < threads; thread++) {
        others.add(CompletableFuture.runAsync(worker, HELPERS));
      }
      worker.run();
    } finally {
      // Buffers are the caller's: nobody may still write to them once it goes on.
      for (CompletableFuture<Void> other : others) {
        other.handle((done, fault) -> null).join();
      }
    }
    try {
      others.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
