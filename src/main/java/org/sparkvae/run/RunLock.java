package org.sparkvae.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.Storage;

/**
 * A lock that lets only one process at a time change a run. If the owner is killed, its lock
 * becomes stale. A process that can check the owner in {@code /proc} takes over a stale lock at
 * once. All other processes wait for the owner's heartbeat and take over after a timeout.
 *
 * <p>The locks of a run are the files {@code _lock-1}, {@code _lock-2} and so on. Each names its
 * owner as JSON. A process that finds only stale locks creates the next file. It then checks that
 * the earlier files are unchanged. If one has changed, an owner was just releasing its lock, and
 * the process starts over. On release the owner deletes all lock files in ascending order. The
 * protocol does not list the directory, because a network file system can return an outdated
 * listing.
 */
final class RunLock {
  /** The maximum number of attempts to read a lock file that others may be replacing. */
  private static final int MAX_READ_ATTEMPTS = 10;

  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(5);

  /** The number of missing heartbeats after which a lock is stale. */
  private static final int MAX_MISSED_HEARTBEATS = 6;

  private static final int POLLS_PER_HEARTBEAT = 5;

  /** The content of a stale lock file after another process has acquired the lock. */
  private static final String TAKEN_OVER = "taken over\n";

  private final Run run;
  private final Storage directory;
  private final Duration heartbeatInterval;
  private final Runnable onLockLost;
  private final String ownContent = LockOwner.thisProcess().json();
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          new BasicThreadFactory.Builder()
              .namingPattern("run-lock-heartbeat")
              .daemon(true)
              .build());
  private volatile Future<?> heartbeat;
  private int ownIndex;
  private long heartbeatCount;
  private volatile boolean lost;

  private RunLock(Run run, Duration heartbeatInterval, Runnable onLockLost) {
    this.run = run;
    this.directory = run.directory();
    this.heartbeatInterval = heartbeatInterval;
    this.onLockLost = onLockLost;
  }

  /**
   * Acquires the lock of a run. This takes 30 s if the owner was killed and cannot be checked from
   * this process, for example because it ran on another host.
   *
   * @param onLockLost called on another thread if another process takes over the run because this
   *     one was suspended for too long
   * @throws ConfigurationException if a live process, including this one, owns the lock
   */
  static RunLock acquire(Run run, Runnable onLockLost) {
    return acquire(run, HEARTBEAT_INTERVAL, onLockLost);
  }

  static RunLock acquire(Run run, Duration heartbeatInterval, Runnable onLockLost) {
    RunLock lock = new RunLock(run, heartbeatInterval, onLockLost);
    while (!lock.tryAcquire()) {
      lock.sleep(heartbeatInterval.dividedBy(POLLS_PER_HEARTBEAT));
    }
    lock.heartbeat =
        lock.scheduler.scheduleWithFixedDelay(
            lock::writeHeartbeat,
            heartbeatInterval.toMillis(),
            heartbeatInterval.toMillis(),
            TimeUnit.MILLISECONDS);
    return lock;
  }

  /**
   * Deletes the locks of killed processes if {@code /proc} shows that all owners are dead. It does
   * not wait for heartbeats and does not fail, because the run can be on a read-only file system.
   */
  static void deleteStale(Run run) {
    RunLock lock = new RunLock(run, HEARTBEAT_INTERVAL, () -> {});
    try {
      List<String> contents = lock.readAll();
      if (!contents.isEmpty()
          && contents.stream().allMatch(RunLock::isStale)
          && lock.tryAcquire()) {
        lock.release();
      }
    } catch (ConfigurationException | TransientException ignored) {
      // A command that needs the lock reports the reason.
    }
  }

  /**
   * Checks that no live process owns the lock of a run. Writes nothing. This takes 30 s if the
   * owner cannot be checked from this process.
   *
   * @throws ConfigurationException if a live process owns the lock
   */
  static void requireUnlocked(Run run) {
    RunLock lock = new RunLock(run, HEARTBEAT_INTERVAL, () -> {});
    List<String> contents = lock.readAll();
    while (!contents.isEmpty() && !lock.canTakeOver(contents)) {
      contents = lock.readAll();
    }
  }

  private static boolean isStale(String content) {
    return content.equals(TAKEN_OVER)
        || LockOwner.parse(content)
            .filter(owner -> owner.isCheckable() && !owner.isAlive())
            .isPresent();
  }

  /** Returns whether another process has taken over the run. */
  boolean isLost() {
    return lost;
  }

  /** Releases the lock. */
  void release() {
    // With the interrupt flag set, awaitTermination would throw without waiting.
    boolean interrupted = Thread.interrupted();
    scheduler.shutdown();
    try {
      scheduler.awaitTermination(1, TimeUnit.MINUTES);
      if (read(lockFile(ownIndex)).equals(ownContent)) {
        for (int n = 1; n <= ownIndex; n++) {
          directory.delete(heartbeatFile(n));
          directory.delete(lockFile(n));
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (TransientException ignored) {
      // The result of the run matters more, and the lock becomes stale when this process ends.
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean tryAcquire() {
    List<String> existing = readAll();
    if (!canTakeOver(existing)
        || !directory.createIfAbsent(lockFile(existing.size() + 1), ownContent)) {
      return false;
    }
    ownIndex = existing.size() + 1;
    if (!readEach(existing.size(), RunLock::lockFile).equals(existing)) {
      directory.delete(lockFile(ownIndex));
      return false;
    }
    // A suspended owner sees that it has lost the lock. The next process does not have to wait.
    IntStream.range(1, ownIndex).forEach(n -> directory.overwrite(lockFile(n), TAKEN_OVER));
    return true;
  }

  /**
   * Checks that every lock is stale, and waits for heartbeats if necessary.
   *
   * @param contents the contents of the lock files
   * @return whether this process can take over; false if a lock changed and the caller must retry
   * @throws ConfigurationException if an owner is alive
   */
  private boolean canTakeOver(List<String> contents) {
    boolean areCheckable = true;
    for (String content : contents) {
      Optional<LockOwner> owner = LockOwner.parse(content);
      if (owner.isPresent() && owner.get().isCheckable()) {
        if (owner.get().isAlive()) {
          throw lockedBy(content);
        }
      } else if (!content.equals(TAKEN_OVER)) {
        areCheckable = false;
      }
    }
    return areCheckable || awaitHeartbeatTimeout(contents);
  }

  /**
   * Waits until the heartbeats have timed out.
   *
   * @return false if a lock changed meanwhile
   * @throws ConfigurationException if an owner writes a heartbeat
   */
  private boolean awaitHeartbeatTimeout(List<String> contents) {
    List<String> firstHeartbeats = readEach(contents.size(), RunLock::heartbeatFile);
    for (int i = 0; i < MAX_MISSED_HEARTBEATS * POLLS_PER_HEARTBEAT; i++) {
      sleep(heartbeatInterval.dividedBy(POLLS_PER_HEARTBEAT));
      if (!readAll().equals(contents)) {
        return false;
      }
      if (i == 0) {
        run.reporter()
            .info(
                "Run '%s' is locked by a process that cannot be checked from here (another host, container or user). Waiting %d s for its heartbeat."
                    .formatted(
                        run.id(),
                        heartbeatInterval.multipliedBy(MAX_MISSED_HEARTBEATS).toSeconds()));
      }
      List<String> heartbeats = readEach(contents.size(), RunLock::heartbeatFile);
      for (int n = 0; n < heartbeats.size(); n++) {
        if (!heartbeats.get(n).equals(firstHeartbeats.get(n))) {
          throw lockedBy(contents.get(n));
        }
      }
    }
    return true;
  }

  private ConfigurationException lockedBy(String content) {
    return new ConfigurationException(
        "Run '%s' is locked by %s. Wait for it, stop it, or use another --run-id."
            .formatted(
                run.id(),
                LockOwner.parse(content).map(LockOwner::toString).orElse("another process")));
  }

  private void writeHeartbeat() {
    try {
      if (read(lockFile(ownIndex)).equals(ownContent)) {
        heartbeatCount++;
        directory.overwrite(heartbeatFile(ownIndex), String.valueOf(heartbeatCount));
      } else {
        lost = true;
        heartbeat.cancel(false);
        onLockLost.run();
      }
    } catch (TransientException e) {
      // The file system can be available again at the next heartbeat.
    }
  }

  private List<String> readAll() {
    List<String> contents = new ArrayList<>();
    for (int n = 1; directory.exists(lockFile(n)); n++) {
      contents.add(read(lockFile(n)));
    }
    return contents;
  }

  private List<String> readEach(int count, IntFunction<String> fileName) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> read(fileName.apply(n))).toList();
  }

  /** Returns the content of a file, or an empty string if the file does not exist. */
  private String read(String name) {
    for (int attempt = 1; directory.exists(name); attempt++) {
      try {
        return directory.readText(name);
      } catch (TransientException e) {
        // Another process can have deleted the file, and a third one created it again.
        if (attempt == MAX_READ_ATTEMPTS) {
          throw e;
        }
      }
    }
    return "";
  }

  private static String lockFile(int n) {
    return "_lock-" + n;
  }

  private static String heartbeatFile(int n) {
    return "_lock-%d-beat".formatted(n);
  }

  private void sleep(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException(
          "Run '%s': interrupted while waiting for the lock. Rerun the same command to resume."
              .formatted(run.id()),
          e);
    }
  }
}
