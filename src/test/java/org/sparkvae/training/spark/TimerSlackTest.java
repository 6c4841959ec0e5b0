package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TimerSlackTest {
  @Test
  void childThreadsInheritTheSlack() {
    CompletableFuture<Long> parent = new CompletableFuture<>();
    CompletableFuture<Long> child = new CompletableFuture<>();
    new Thread(
            () -> {
              TimerSlack.widenForCallingThread();
              parent.complete(slack());
              new Thread(() -> child.complete(slack())).start();
            })
        .start();
    assertThat(parent.join()).isEqualTo(1_000_000);
    assertThat(child.join()).isEqualTo(1_000_000);
    assertThat(slack()).as("slack of other threads").isNotEqualTo(1_000_000);
  }

  private static long slack() {
    try {
      Path proc = Path.of("/proc");
      Path thread = Files.readSymbolicLink(proc.resolve("thread-self")).getFileName();
      return Long.parseLong(Files.readString(proc.resolve(thread).resolve("timerslack_ns")).trim());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
