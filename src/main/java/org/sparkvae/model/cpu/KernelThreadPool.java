package org.sparkvae.model.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The threads that run the kernels: the calling thread, and a helper thread for each other core of
 * the process. BLAS uses a single thread per call, so the threads do not compete for cores.
 */
public final class KernelThreadPool {
  private static final ExecutorService HELPERS =
      Executors.newCachedThreadPool(
          new BasicThreadFactory.Builder().namingPattern("spark-vae-kernel").daemon(true).build());

  private static final ThreadLocal<Boolean> CALLING_THREAD_ONLY =
      ThreadLocal.withInitial(() -> false);

  /**
   * Initialized on a thread when nd4j's operations on that thread are limited to one OpenMP thread.
   * OpenMP stores the limit per calling thread, and it is never reset. Otherwise, nd4j's operations
   * between two layers would leave OpenMP threads spinning on cores that the next layer needs.
   */
  private static final ThreadLocal<Boolean> SINGLE_OPENMP_THREAD =
      ThreadLocal.withInitial(
          () -> {
            limitOpenMpThreads(1);
            return true;
          });

  private static volatile int threadCount = Runtime.getRuntime().availableProcessors();

  private KernelThreadPool() {}

  /** A task for the items of the range [from, to). */
  interface RangeTask {
    void run(int from, int to);
  }

  /**
   * Sets the number of threads on which the kernels of this process run. The default is the number
   * of the machine's cores.
   */
  public static void setThreadCount(int threads) {
    threadCount = Math.max(1, threads);
  }

  /** Limits the OpenMP threads of nd4j's operations that are called from the current thread. */
  private static void limitOpenMpThreads(int threads) {
    // Loads nd4j, which the calls below require.
    Nd4j.getBackend();
    // This setting applies to the whole process.
    openblas.blas_set_num_threads(1);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }

  /** Returns the number of threads of a kernel that is called from the current thread. */
  static int threadCount() {
    return CALLING_THREAD_ONLY.get() ? 1 : threadCount;
  }

  /**
   * Runs kernels and nd4j's operations on the calling thread only. This is for callers that already
   * run one thread per core.
   */
  public static <T> T runOnCallingThread(Supplier<T> work) {
    boolean before = CALLING_THREAD_ONLY.get();
    CALLING_THREAD_ONLY.set(true);
    useOneOpenMpThread();
    try {
      return work.get();
    } finally {
      CALLING_THREAD_ONLY.set(before);
    }
  }

  /**
   * Limits the operations of nd4j and oneDNN that are called from the current thread to this
   * thread. Both use the same OpenMP library, because a process loads only one of this name.
   */
  static void useOneOpenMpThread() {
    SINGLE_OPENMP_THREAD.get();
  }

  /**
   * Runs nd4j's operations with a fixed number of OpenMP threads. Their rounding depends on the
   * number of threads, so results are the same on machines with different numbers of cores.
   */
  public static <T> T runWithOpenMpThreads(int threads, Supplier<T> work) {
    // A new thread is used because the setting of a thread is never reset.
    return CompletableFuture.supplyAsync(
            () -> {
              limitOpenMpThreads(threads);
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
   * Processes items on all threads and waits for completion. Each thread takes the next chunk of
   * consecutive items when it is idle, so a delayed thread processes fewer items.
   *
   * @param items number of items
   * @param chunkSize maximal number of items per call of the task
   * @param task task that processes a range of items
   * @throws RuntimeException the exception of a failed call of the task
   */
  static void parallelFor(int items, int chunkSize, RangeTask task) {
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          useOneOpenMpThread();
          try {
            for (int from; (from = next.getAndAdd(chunkSize)) < items; ) {
              task.run(from, Math.min(items, from + chunkSize));
            }
          } finally {
            // After a failure no thread starts another chunk.
            next.set(items);
          }
        };
    int threads = Math.min(threadCount(), (items + chunkSize - 1) / chunkSize);
    List<CompletableFuture<Void>> others = new ArrayList<>(threads);
    try {
      for (int thread = 1; thread < threads; thread++) {
        others.add(CompletableFuture.runAsync(worker, HELPERS));
      }
      worker.run();
    } finally {
      // The caller owns the buffers, so no thread can still write to them when this method returns.
      for (CompletableFuture<Void> other : others) {
        other.handle((done, failure) -> null).join();
      }
    }
    try {
      others.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
