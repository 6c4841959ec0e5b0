package org.sparkvae.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sparkvae.exception.TransientException;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.JvmProcess;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommunicatorTest {
  private static final int ROUNDS = 150;

  /** Connects workers, sums, and closes the connections, many times. */
  static final class Rounds {
    public static void main(String[] arguments) {
      for (int round = 0; round < ROUNDS; round++) {
        List<Double> sums =
            WorkerThreads.run(
                2,
                communicator -> {
                  double[] values = {communicator.rank() + 1};
                  communicator.sum(values);
                  return values[0];
                });
        assertThat(sums).containsOnly(3.0);
      }
    }
  }

  /**
   * Connections do not corrupt native memory. The C library checks its heap, which otherwise may
   * seem intact for many epochs.
   */
  @Test
  @CompleteBuild
  void leavesTheHeapIntact() throws Exception {
    ProcessBuilder command = JvmProcess.of(Rounds.class, List.of());
    command.environment().put("LD_PRELOAD", "libc_malloc_debug.so.0");
    command.environment().put("MALLOC_CHECK_", "3");
    Process process = command.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).doesNotContain("cannot be preloaded");
  }

  /** Executors may fetch their images for different times, but train at the same speed. */
  @Test
  @CompleteBuild
  void waitsLongerForAWorkerToJoinThanInASum() {
    CompletableFuture<Void> end = new CompletableFuture<>();
    List<Duration> waits =
        WorkerThreads.run(
            2,
            Duration.ofSeconds(25),
            communicator -> {
              long start = System.nanoTime();
              if (communicator.rank() == 0) {
                assertThatThrownBy(() -> communicator.sum(new double[1]))
                    .isInstanceOf(TransientException.class);
                end.complete(null);
              } else {
                end.join();
              }
              return Duration.ofNanos(System.nanoTime() - start);
            });
    assertThat(waits.get(0)).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(30));
  }
}
