package org.sparkvae.collective;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Workers that are threads of this process instead of executors. */
public final class WorkerThreads {
  private WorkerThreads() {}

  /** Runs work in several connected threads, and returns the results in the order of the ranks. */
  public static <T> List<T> run(int workers, Function<Communicator, T> work) {
    return run(workers, Duration.ZERO, work);
  }

  /** Runs work like {@link #run(int, Function)}, but the last worker joins with a delay. */
  static <T> List<T> run(int workers, Duration delay, Function<Communicator, T> work) {
    GlooLibrary.load();
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    String[] texts = new String[workers];
    CyclicBarrier barrier = new CyclicBarrier(workers);
    try {
      return IntStream.range(0, workers)
          .mapToObj(
              worker ->
                  CompletableFuture.supplyAsync(
                      () -> {
                        if (worker == workers - 1) {
                          LockSupport.parkNanos(delay.toNanos());
                        }
                        try (Communicator communicator =
                            Communicator.join(
                                text -> allGather(text, worker, texts, barrier),
                                "127.0.0.1",
                                worker,
                                workers)) {
                          T result = work.apply(communicator);
                          communicator.awaitAll();
                          return result;
                        }
                      },
                      threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> allGather(
      String text, int worker, String[] texts, CyclicBarrier barrier) {
    try {
      texts[worker] = text;
      barrier.await();
      List<String> all = List.of(texts);
      barrier.await();
      return all;
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
