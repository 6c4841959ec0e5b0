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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.ConfigurationException;

@Timeout(60)
class RunLockTest {
  /** So long that no test would end in time that waits for one. */
  private static final Duration NEVER = Duration.ofHours(1);

  private static final Duration SOON = Duration.ofMillis(100);
  private static final LockOwner ELSEWHERE =
      new LockOwner("elsewhere", "boot", 7, "99", "yesterday");

  @TempDir Path output;
  private final RecordingReporter reporter = new RecordingReporter();
  private final CountDownLatch loss = new CountDownLatch(1);

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void noThreadIsLeft() {
    pool.shutdownNow();
  }

  private RunLock take(Duration beat) {
    Run run = Run.open("one", output.toString(), SettingsReader::settings, reporter);
    return RunLock.take(run, beat, loss::countDown);
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
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void onlyOneHasItUntilItIsReleased() throws IOException {
    RunLock lock = take(NEVER);
    assertThatThrownBy(() -> take(NEVER))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "run 'one'", "process " + ProcessHandle.current().pid(), " since 20", "--run-id")
        .hasMessageNotContaining("\n");
    lock.release();
    assertThat(files()).isEmpty();
    take(NEVER).release();
    assertThat(reporter.lines).isEmpty();
  }

  @Test
  void aProcessThatWasKilledHoldsNothing() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    write("_lock-1", LockOwner.of(other.pid()).json());
    assertThatThrownBy(() -> take(NEVER))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("process " + other.pid());
    other.destroyForcibly().waitFor();
    take(NEVER).release();
    assertThat(files()).isEmpty();
  }

  @Test
  void whatTheDeadHereLeftIsClearedAndNothingElse() throws Exception {
    write("_lock-1", dead().json());
    write("_lock-1-beat", "17");
    clearOfDead();
    assertThat(files()).isEmpty();
    for (LockOwner other : List.of(ELSEWHERE, LockOwner.thisProcess())) {
      write("_lock-1", other.json());
      clearOfDead();
      assertThat(files()).containsExactly("_lock-1");
    }
    assertThat(reporter.lines).isEmpty();
  }

  private void clearOfDead() {
    RunLock.clearOfDead(Run.open("one", output.toString(), SettingsReader::settings, reporter));
  }

  @Test
  void aZombieHoldsNothing() throws Exception {
    // The second sleep knows nothing of the first, and never asks how it ended.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 1 & exec sleep 60").start();
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
      take(NEVER).release();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void anotherProcessWithTheSameNumberIsNotTheHolder() throws IOException {
    LockOwner own = LockOwner.thisProcess();
    write("_lock-1", new LockOwner(own.host(), own.machine(), own.pid(), "1", "once").json());
    take(NEVER).release();
  }

  @Test
  void oneElsewhereThatGivesNoSignIsDead() throws IOException {
    write("_lock-1", ELSEWHERE.json());
    write("_lock-1-beat", "17");
    RunLock lock = take(SOON);
    assertThat(reporter.lines).singleElement().asString().contains("run 'one' was left locked");
    assertThat(file("_lock-1")).hasContent("taken over");
    assertThat(file("_lock-2")).isRegularFile();

    // Who comes now need not wait to know.
    assertThatThrownBy(() -> take(NEVER)).isInstanceOf(ConfigurationException.class);
    lock.release();
    assertThat(files()).isEmpty();
  }

  @Test
  void oneElsewhereThatGivesSignsLives() throws Exception {
    write("_lock-1", ELSEWHERE.json());
    Thread signs =
        new Thread(
            () -> {
              try {
                for (int i = 0; ; i++) {
                  write("_lock-1-beat", String.valueOf(i));
                  Thread.sleep(20);
                }
              } catch (IOException | InterruptedException end) {
                // The test is over.
              }
            });
    signs.start();
    try {
      assertThatThrownBy(() -> take(Duration.ofSeconds(5)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("process 7 on elsewhere since yesterday");
      assertThat(file("_lock-2")).doesNotExist();
    } finally {
      signs.interrupt();
      signs.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"host\":", "{}", "{\"host\":null}"})
  void oneKilledWhileWritingItsLockIsDead(String text) throws IOException {
    write("_lock-1", text);
    take(SOON).release();
    assertThat(files()).isEmpty();
  }

  @Test
  void oneThatIsStillWritingItsLockIsWaitedFor() throws Exception {
    write("_lock-1", "");
    Future<RunLock> second = pool.submit(() -> take(Duration.ofSeconds(1)));
    Thread.sleep(300);
    write("_lock-1", LockOwner.thisProcess().json());
    assertThatThrownBy(second::get).hasCauseInstanceOf(ConfigurationException.class);
  }

  /** None while it is being written, in place. */
  private int beats() throws IOException {
    Path file = file("_lock-1-beat");
    String text = Files.exists(file) ? Files.readString(file) : "";
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  @Test
  void givesSignsOfLife() throws Exception {
    RunLock lock = take(Duration.ofMillis(20));
    while (beats() < 3) {
      Thread.sleep(2);
    }
    lock.release();
    Thread.sleep(100);
    assertThat(files()).isEmpty();
    assertThat(lock.isLost()).isFalse();
  }

  @Test
  void seesThatItWasTakenOverAndLeavesTheOtherAlone() throws Exception {
    RunLock lock = take(SOON);
    write("_lock-1", "taken over\n");
    write("_lock-2", ELSEWHERE.json());
    assertThat(loss.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(lock.isLost()).isTrue();
    lock.release();
    assertThat(files()).contains("_lock-1", "_lock-2");
  }

  @RepeatedTest(20)
  void ofTwentyAtOnceOneWins() throws Exception {
    switch (ThreadLocalRandom.current().nextInt(3)) {
      case 0 -> write("_lock-1", ELSEWHERE.json());
      case 1 -> write("_lock-1", dead().json());
      default -> assertThat(output).isEmptyDirectory();
    }
    CountDownLatch start = new CountDownLatch(1);
    List<Future<RunLock>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Callable<RunLock> one =
          () -> {
            start.await();
            return take(SOON);
          };
      all.add(pool.submit(one));
    }
    start.countDown();
    List<RunLock> winners = new ArrayList<>();
    for (Future<RunLock> each : all) {
      try {
        winners.add(each.get());
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(ConfigurationException.class);
      }
    }
    assertThat(winners).hasSize(1);
    winners.get(0).release();
    assertThat(files()).isEmpty();
  }

  /** Holders come and go, and some are killed: never are there two. */
  @Test
  void neverDoTwoHaveIt() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Callable<Void> one =
          () -> {
            while (System.nanoTime() < end) {
              try {
                RunLock lock = take(Duration.ofSeconds(2));
                assertThat(inside.incrementAndGet()).isEqualTo(1);
                turns.incrementAndGet();
                Thread.sleep(1);
                inside.decrementAndGet();
                if (ThreadLocalRandom.current().nextBoolean()) {
                  lock.release();
                } else {
                  die();
                }
              } catch (ConfigurationException held) {
                Thread.sleep(1);
              }
            }
            return null;
          };
      all.add(pool.submit(one));
    }
    for (Future<?> each : all) {
      each.get();
    }
    assertThat(turns.get()).isGreaterThan(20);
  }

  /** As if the process of the one holder there is had been killed. */
  private void die() throws IOException {
    int n = 1;
    while (!LockOwner.parse(Files.readString(file("_lock-" + n)))
        .map(LockOwner::lives)
        .orElse(false)) {
      n++;
    }
    Path text = Files.createTempFile(output, "dead", ".json");
    Files.writeString(text, dead().json(), StandardCharsets.UTF_8);
    Files.move(text, file("_lock-" + n), StandardCopyOption.ATOMIC_MOVE);
  }

  private static LockOwner dead() {
    LockOwner own = LockOwner.thisProcess();
    return new LockOwner(own.host(), own.machine(), own.pid(), "1", "once");
  }
}
