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
  void allCores() {
    KernelThreadPool.use(Runtime.getRuntime().availableProcessors());
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "1, 10, 3", "3, 1, 25", "3, 100, 25", "3, 101, 25", "8, 7, 1"})
  void everyItemIsWorkedOnOnce(int threads, int items, int grain) {
    KernelThreadPool.use(threads);
    AtomicIntegerArray times = new AtomicIntegerArray(items);
    KernelThreadPool.share(
        items,
        grain,
        (from, to) -> {
          for (int item = from; item < to; item++) {
            times.incrementAndGet(item);
          }
        });
    for (int item = 0; item < items; item++) {
      assertThat(times.get(item)).as("item %d", item).isEqualTo(1);
    }
  }

  @Test
  void asManyThreadsAsGivenWorkAtOnce() {
    KernelThreadPool.use(3);
    CountDownLatch all = new CountDownLatch(3);
    KernelThreadPool.share(
        3,
        1,
        (from, to) -> {
          all.countDown();
          assertThat(await(all)).as("three at once").isTrue();
        });
  }

  @Test
  void aloneIsTheCallingThread() {
    KernelThreadPool.use(3);
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    KernelThreadPool.alone(
        () -> {
          KernelThreadPool.share(9, 1, (from, to) -> workers.add(Thread.currentThread()));
          return null;
        });
    assertThat(workers).containsExactly(Thread.currentThread());
  }

  @Test
  void aFaultOfAnyThreadComesOut() {
    KernelThreadPool.use(2);
    for (int bad : new int[] {0, 19}) {
      assertThatThrownBy(
              () ->
                  KernelThreadPool.share(
                      20,
                      1,
                      (from, to) -> {
                        if (from == bad) {
                          throw new IllegalStateException("item " + bad);
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("item " + bad);
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
