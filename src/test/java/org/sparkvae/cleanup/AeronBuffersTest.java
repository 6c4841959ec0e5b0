package org.sparkvae.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AeronBuffersTest {
  private static final long OWN_PID = ProcessHandle.current().pid();
  private static final long UNUSED_PID = 99_999_999;

  @TempDir Path directory;

  private final Instant start = Instant.now();
  private MediaDriver driver;
  private Path buffers;

  @BeforeEach
  void startMediaDriver() {
    buffers = directory.resolve("aeron-me-1");
    driver =
        MediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(buffers.toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnShutdown(false));
    assertThat(buffers.resolve("cnc.dat")).exists();
  }

  private AeronBuffers buffers(String prefix, long pid, Instant processStart) throws IOException {
    return new AeronBuffers(
        directory.resolve(prefix),
        Files.getOwner(directory),
        pid,
        processStart,
        Duration.ofMillis(300));
  }

  @Test
  void deletesOnlyTheBuffersOfTheDeadProcess() throws IOException {
    driver.close();
    Path noBuffers = Files.createDirectory(directory.resolve("aeron-me-2"));
    buffers("aeron-me", UNUSED_PID, start).deleteOfDeadProcess();
    buffers("aeron-me", OWN_PID, Instant.now().plusSeconds(1)).deleteOfDeadProcess();
    buffers("aeron-you", OWN_PID, start).deleteOfDeadProcess();
    assertThat(buffers.resolve("cnc.dat")).exists();

    buffers("aeron-me", OWN_PID, start).deleteOfDeadProcess();
    assertThat(buffers).doesNotExist();
    assertThat(noBuffers).exists();
  }

  @Test
  void keepsBuffersThatAreInUse() throws IOException {
    buffers("aeron-me", OWN_PID, start).deleteOfDeadProcess();
    assertThat(buffers.resolve("cnc.dat")).exists();
    driver.close();
  }

  @Test
  void deletesOwnBuffersEvenIfTheDriverIsStillRunning() throws IOException {
    buffers("aeron-me", OWN_PID, start).deleteOwn();
    assertThat(buffers).doesNotExist();
    driver.close();
  }
}
