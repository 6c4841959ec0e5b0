package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.ConfigurationException;

@Timeout(60)
class RunLockTest {
  /** A heartbeat interval so long that a test that waits for a heartbeat times out. */
  private static final Duration NO_HEARTBEAT = Duration.ofHours(1);

  private static final Duration SHORT_INTERVAL = Duration.ofMillis(100);
  private static final LockOwner ON_OTHER_MACHINE =
      new LockOwner("elsewhere", "boot", 7, "99", "yesterday");

  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();
  private final CountDownLatch lockLost = new CountDownLatch(1);

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    pool.shutdownNow();
  }

  private RunLock acquire(Duration heartbeatInterval) {
    Run run = Run.open("one", output.toString(), SettingsReader::settings, reporter);
    return RunLock.acquire(run, heartbeatInterval, lockLost::countDown);
  }

  private Path file(String name) {
    return output.resolve("one").resolve(name);
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(output.resolve("one"));
    Files.writeString(file(name), text, StandardCharsets.UTF_8);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(output.resolve("one"))) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void onlyOneProcessOwnsTheLockUntilItIsReleased() throws IOException {
    RunLock lock = acquire(NO_HEARTBEAT);
    assertThatThrownBy(() -> acquire(NO_HEARTBEAT))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "Run 'one'", "process " + ProcessHandle.current().pid(), " since 20", "--run-id")
        .hasMessageNotContaining("\n");
    lock.release();
    assertThat(files()).isEmpty();
    acquire(NO_HEARTBEAT).release();
    assertThat(reporter.lines).isEmpty();
  }

  @Test
  void lockOfAKilledProcessIsStale() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    write("_lock-1", LockOwner.of(other.pid()).json());
    assertThatThrownBy(() -> acquire(NO_HEARTBEAT))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("process " + other.pid());
    other.destroyForcibly().waitFor();
    acquire(NO_HEARTBEAT).release();
    assertThat(files()).isEmpty();
  }

  @Test
  void deletesOnlyStaleLocksOfThisMachine() throws Exception {
    write("_lock-1", deadOwner().json());
    write("_lock-1-beat", "17");
    deleteStale();
    assertThat(files()).isEmpty();
    for (LockOwner other : List.of(ON_OTHER_MACHINE, LockOwner.thisProcess())) {
      write("_lock-1", other.json());
      deleteStale();
      assertThat(files()).containsExactly("_lock-1");
    }
    assertThat(reporter.lines).isEmpty();
  }

  private void deleteStale() {
    RunLock.deleteStale(Run.open("one", output.toString(), SettingsReader::settings, reporter));
  }

  @Test
  void lockOfAZombieIsStale() throws Exception {
    // The second sleep is the parent of the first and never waits for it, so the first is a zombie.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 0.3 & exec sleep 60").start();
    try {
      while (parent.children().findAny().isEmpty()) {
        Thread.sleep(5);
      }
      long child = parent.children().findAny().orElseThrow().pid();
      write("_lock-1", LockOwner.of(child).json());
      Path status = Path.of("/proc", String.valueOf(child), "stat");
      while (!Files.readString(status).contains(") Z ")) {
        Thread.sleep(20);
      }
      acquire(NO_HEARTBEAT).release();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void anotherProcessWithTheSameIdIsNotTheOwner() throws IOException {
    LockOwner own = LockOwner.thisProcess();
    write("_lock-1", new LockOwner(own.host(), own.machine(), own.pid(), "1", "once").json());
    acquire(NO_HEARTBEAT).release();
  }

  @Test
  void lockOnAnotherMachineWithoutHeartbeatIsStale() throws IOException {
    write("_lock-1", ON_OTHER_MACHINE.json());
    write("_lock-1-beat", "17");
    RunLock lock = acquire(SHORT_INTERVAL);
    assertThat(reporter.lines)
        .singleElement()
        .asString()
        .contains(
            "Run 'one' is locked by a process that cannot be checked from here (another host, container or user)");
    assertThat(file("_lock-1")).hasContent("taken over");
    assertThat(file("_lock-2")).isRegularFile();

    // The next process does not have to wait for a heartbeat.
    assertThatThrownBy(() -> acquire(NO_HEARTBEAT)).isInstanceOf(ConfigurationException.class);
    lock.release();
    assertThat(files()).isEmpty();
  }

  @Test
  void lockOnAnotherMachineWithHeartbeatIsValid() throws Exception {
    write("_lock-1", ON_OTHER_MACHINE.json());
    Thread heartbeat =
        new Thread(
            () -> {
              try {
                for (int i = 0; ; i++) {
                  write("_lock-1-beat", String.valueOf(i));
                  Thread.sleep(20);
                }
              } catch (IOException | InterruptedException stopped) {
                // The test stops the thread.
              }
            });
    heartbeat.start();
    try {
      assertThatThrownBy(() -> acquire(Duration.ofSeconds(5)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("process 7 on elsewhere since yesterday");
      assertThat(file("_lock-2")).doesNotExist();
    } finally {
      heartbeat.interrupt();
      heartbeat.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"host\":", "{}", "{\"host\":null}"})
  void incompleteLockIsStale(String lock) throws IOException {
    write("_lock-1", lock);
    acquire(SHORT_INTERVAL).release();
    assertThat(files()).isEmpty();
  }

  @Test
  void waitsForAProcessThatIsWritingItsLock() throws Exception {
    write("_lock-1", "");
    Future<RunLock> second = pool.submit(() -> acquire(Duration.ofSeconds(1)));
    Thread.sleep(300);
    write("_lock-1", LockOwner.thisProcess().json());
    assertThatThrownBy(second::get).hasCauseInstanceOf(ConfigurationException.class);
  }

  /** Returns the last heartbeat, or 0 while the file is missing or being overwritten. */
  private int heartbeatCount() throws IOException {
    Path file = file("_lock-1-beat");
    String text = Files.exists(file) ? Files.readString(file) : "";
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  @Test
  void writesHeartbeats() throws Exception {
    RunLock lock = acquire(Duration.ofMillis(20));
    while (heartbeatCount() < 3) {
      Thread.sleep(2);
    }
    lock.release();
    Thread.sleep(100);
    assertThat(files()).isEmpty();
    assertThat(lock.isLost()).isFalse();
  }

  @Test
  void detectsATakeoverAndKeepsTheOtherLock() throws Exception {
    RunLock lock = acquire(SHORT_INTERVAL);
    write("_lock-1", "taken over\n");
    write("_lock-2", ON_OTHER_MACHINE.json());
    assertThat(lockLost.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(lock.isLost()).isTrue();
    lock.release();
    assertThat(files()).contains("_lock-1", "_lock-2");
  }

  @RepeatedTest(3)
  void onlyOneOfTwentyConcurrentProcessesAcquiresTheLock(RepetitionInfo repetition)
      throws Exception {
    switch (repetition.getCurrentRepetition() % 3) {
      case 0 -> write("_lock-1", ON_OTHER_MACHINE.json());
      case 1 -> write("_lock-1", deadOwner().json());
      default -> assertThat(output).isEmptyDirectory();
    }
    CountDownLatch start = new CountDownLatch(1);
    List<Future<RunLock>> attempts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Callable<RunLock> attempt =
          () -> {
            start.await();
            return acquire(SHORT_INTERVAL);
          };
      attempts.add(pool.submit(attempt));
    }
    start.countDown();
    List<RunLock> winners = new ArrayList<>();
    for (Future<RunLock> attempt : attempts) {
      try {
        winners.add(attempt.get());
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(ConfigurationException.class);
      }
    }
    assertThat(winners).hasSize(1);
    winners.get(0).release();
    assertThat(files()).isEmpty();
  }

  /** Owners release the lock or are killed at random. */
  @Test
  void twoProcessesNeverOwnTheLock() throws Exception {
    AtomicInteger owners = new AtomicInteger();
    AtomicInteger acquisitions = new AtomicInteger();
    List<Future<?>> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Callable<Void> thread =
          () -> {
            while (acquisitions.get() < 40) {
              try {
                RunLock lock = acquire(Duration.ofSeconds(2));
                assertThat(owners.incrementAndGet()).isEqualTo(1);
                acquisitions.incrementAndGet();
                Thread.sleep(1);
                owners.decrementAndGet();
                if (ThreadLocalRandom.current().nextBoolean()) {
                  lock.release();
                } else {
                  killOwner();
                }
              } catch (ConfigurationException locked) {
                Thread.sleep(1);
              }
            }
            return null;
          };
      threads.add(pool.submit(thread));
    }
    for (Future<?> thread : threads) {
      thread.get();
    }
  }

  /** Simulates that the process that owns the lock is killed. */
  private void killOwner() throws IOException {
    int n = 1;
    while (!LockOwner.parse(Files.readString(file("_lock-" + n)))
        .map(LockOwner::isAlive)
        .orElse(false)) {
      n++;
    }
    Path lock = Files.createTempFile(output, "dead", ".json");
    Files.writeString(lock, deadOwner().json(), StandardCharsets.UTF_8);
    Files.move(lock, file("_lock-" + n), StandardCopyOption.ATOMIC_MOVE);
  }

  private static LockOwner deadOwner() {
    LockOwner own = LockOwner.thisProcess();
    return new LockOwner(own.host(), own.machine(), own.pid(), "1", "once");
  }
}
