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
  private static final long OWN = ProcessHandle.current().pid();
  private static final long NOBODY = 99_999_999;

  @TempDir Path directory;

  private final Instant start = Instant.now();
  private MediaDriver driver;
  private Path buffers;

  @BeforeEach
  void makeSome() {
    buffers = directory.resolve("aeron-me-1");
    driver =
        MediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(buffers.toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnShutdown(false));
    assertThat(buffers.resolve("cnc.dat")).exists();
  }

  private AeronBuffers of(String name, long pid, Instant since) throws IOException {
    return new AeronBuffers(
        directory.resolve(name), Files.getOwner(directory), pid, since, Duration.ofMillis(300));
  }

  @Test
  void goWithADeadProcessButNotWithAnother() throws IOException {
    driver.close();
    Path noBuffers = Files.createDirectory(directory.resolve("aeron-me-2"));
    of("aeron-me", NOBODY, start).clearOfDead();
    of("aeron-me", OWN, Instant.now().plusSeconds(1)).clearOfDead();
    of("aeron-you", OWN, start).clearOfDead();
    assertThat(buffers.resolve("cnc.dat")).exists();

    of("aeron-me", OWN, start).clearOfDead();
    assertThat(buffers).doesNotExist();
    assertThat(noBuffers).exists();
  }

  @Test
  void stayWhileTheyAreInUse() throws IOException {
    of("aeron-me", OWN, start).clearOfDead();
    assertThat(buffers.resolve("cnc.dat")).exists();
    driver.close();
  }

  @Test
  void goAtTheEndWhateverBecameOfTheDriver() throws IOException {
    of("aeron-me", OWN, start).clearOwn();
    assertThat(buffers).doesNotExist();
    driver.close();
  }
}
