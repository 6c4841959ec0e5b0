package org.sparkvae.model.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class KernelThreadPoolTest {
  @BeforeAll
  static void loadNatives() {
    Nd4j.create(1);
  }

  @AfterEach
  void resetThreadCount() {
    KernelThreadPool.setThreadCount(Runtime.getRuntime().availableProcessors());
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "1, 10, 3", "3, 1, 25", "3, 100, 25", "3, 101, 25", "8, 7, 1"})
  void processesEveryItemOnce(int threads, int items, int chunkSize) {
    KernelThreadPool.setThreadCount(threads);
    AtomicIntegerArray counts = new AtomicIntegerArray(items);
    KernelThreadPool.parallelFor(
        items,
        chunkSize,
        (from, to) -> {
          for (int item = from; item < to; item++) {
            counts.incrementAndGet(item);
          }
        });
    for (int item = 0; item < items; item++) {
      assertThat(counts.get(item)).as("item %d", item).isEqualTo(1);
    }
  }

  @Test
  void usesTheConfiguredNumberOfThreads() {
    KernelThreadPool.setThreadCount(3);
    CountDownLatch all = new CountDownLatch(3);
    KernelThreadPool.parallelFor(
        3,
        1,
        (from, to) -> {
          all.countDown();
          assertThat(await(all)).as("three threads at once").isTrue();
        });
  }

  @Test
  void runsOnlyOnTheCallingThread() {
    KernelThreadPool.setThreadCount(3);
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    KernelThreadPool.runOnCallingThread(
        () -> {
          KernelThreadPool.parallelFor(9, 1, (from, to) -> workers.add(Thread.currentThread()));
          return null;
        });
    assertThat(workers).containsExactly(Thread.currentThread());
  }

  @Test
  void propagatesExceptionsOfAllThreads() {
    KernelThreadPool.setThreadCount(2);
    for (int failingItem : new int[] {0, 19}) {
      assertThatThrownBy(
              () ->
                  KernelThreadPool.parallelFor(
                      20,
                      1,
                      (from, to) -> {
                        if (from == failingItem) {
                          throw new IllegalStateException("item " + failingItem);
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("item " + failingItem);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
