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
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.Storage;

/**
 * Lets one process at a time change a run. A holder that was killed leaves its lock behind: one on
 * this machine is seen to be dead at once; one elsewhere has to give a sign of life now and then.
 *
 * <p>The locks of a run are the files {@code _lock-1}, {@code _lock-2} and so on, each saying who
 * made it. Whoever finds that the makers of all of them are dead makes the next one, and makes sure
 * that those before it are still what they were: if not, a holder was just ending, and it begins
 * again. The holder removes them all at the end, the lowest first and its own last. So no listing
 * of a directory is relied on, which a network file system may give as it was a minute ago.
 */
final class RunLock {
  /** Of a file that is there each time before it is read. */
  private static final int READINGS = 10;

  private static final Duration BEAT = Duration.ofSeconds(5);

  /** Signs of life that may be missing. */
  private static final int PATIENCE = 6;

  private static final int LOOKS_PER_BEAT = 5;
  private static final String TAKEN_OVER = "taken over\n";

  private final Run run;
  private final Storage directory;
  private final Duration beat;
  private final Runnable onLoss;
  private final String text = LockOwner.thisProcess().json();
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lock of the run");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Future<?> beating;
  private int own;
  private long beats;
  private volatile boolean lost;

  private RunLock(Run run, Duration beat, Runnable onLoss) {
    this.run = run;
    this.directory = run.directory();
    this.beat = beat;
    this.onLoss = onLoss;
  }

  /**
   * Takes the lock of a run, which may take half a minute where its last holder was elsewhere.
   *
   * @param onLoss called, on another thread, when this process stood still for so long that another
   *     took the run over
   * @throws ConfigurationException if another process, or this one, has it
   */
  static RunLock take(Run run, Runnable onLoss) {
    return take(run, BEAT, onLoss);
  }

  static RunLock take(Run run, Duration beat, Runnable onLoss) {
    RunLock lock = new RunLock(run, beat, onLoss);
    while (!lock.tryToTake()) {
      pause(beat.dividedBy(LOOKS_PER_BEAT));
    }
    lock.beating =
        lock.heart.scheduleAtFixedRate(
            lock::giveSign, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    return lock;
  }

  /**
   * Removes what holders left that were killed on this machine. Waits for none that may live, and
   * fails in no case: a run may lie where it can only be read.
   */
  static void clearOfDead(Run run) {
    RunLock lock = new RunLock(run, BEAT, () -> {});
    try {
      List<String> locks = lock.all();
      if (!locks.isEmpty()
          && locks.stream().allMatch(RunLock::isSeenToBeDead)
          && lock.tryToTake()) {
        lock.release();
      }
    } catch (ConfigurationException | TransientException leftAsItIs) {
      // Whoever needs the lock says why it cannot be had.
    }
  }

  private static boolean isSeenToBeDead(String text) {
    return text.equals(TAKEN_OVER)
        || LockOwner.parse(text).filter(each -> each.isInSight() && !each.lives()).isPresent();
  }

  /** Whether another process took the run over. */
  boolean isLost() {
    return lost;
  }

  /** Gives the run free. */
  void release() {
    // Of a thread that is to end; waiting would not begin.
    boolean interrupted = Thread.interrupted();
    heart.shutdown();
    try {
      heart.awaitTermination(1, TimeUnit.MINUTES);
      if (read(name(own)).equals(text)) {
        for (int n = 1; n <= own; n++) {
          directory.delete(sign(n));
          directory.delete(name(n));
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (TransientException secondary) {
      // What the run came to matters more, and the lock of a process that has ended holds nobody.
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean tryToTake() {
    List<String> before = all();
    if (!areDead(before) || !directory.create(name(before.size() + 1), text)) {
      return false;
    }
    own = before.size() + 1;
    if (!each(before.size(), RunLock::name).equals(before)) {
      directory.delete(name(own));
      return false;
    }
    // Tells a holder that only stood still, and spares the next one the waiting.
    IntStream.range(1, own).forEach(n -> directory.overwrite(name(n), TAKEN_OVER));
    return true;
  }

  /** False if something changed meanwhile, so that one has to look again. */
  private boolean areDead(List<String> locks) {
    boolean allInSight = true;
    for (String lock : locks) {
      Optional<LockOwner> holder = LockOwner.parse(lock);
      if (holder.isPresent() && holder.get().isInSight()) {
        if (holder.get().lives()) {
          throw held(lock);
        }
      } else if (!lock.equals(TAKEN_OVER)) {
        allInSight = false;
      }
    }
    return allInSight || staySilent(locks);
  }

  private boolean staySilent(List<String> locks) {
    List<String> signs = each(locks.size(), RunLock::sign);
    for (int i = 0; i < PATIENCE * LOOKS_PER_BEAT; i++) {
      pause(beat.dividedBy(LOOKS_PER_BEAT));
      if (!all().equals(locks)) {
        return false;
      }
      if (i == 0) {
        run.reporter()
            .say(
                "run '%s' was left locked by a process that cannot be seen from here; looking for %d s whether it lives"
                    .formatted(run.id(), beat.multipliedBy(PATIENCE).toSeconds()));
      }
      List<String> now = each(locks.size(), RunLock::sign);
      for (int n = 0; n < now.size(); n++) {
        if (!now.get(n).equals(signs.get(n))) {
          throw held(locks.get(n));
        }
      }
    }
    return true;
  }

  private ConfigurationException held(String lock) {
    return new ConfigurationException(
        "run '%s' is being worked on by %s; wait for it or stop it, or choose another --run-id"
            .formatted(
                run.id(),
                LockOwner.parse(lock).map(LockOwner::toString).orElse("another process")));
  }

  private void giveSign() {
    try {
      if (read(name(own)).equals(text)) {
        beats++;
        directory.overwrite(sign(own), String.valueOf(beats));
      } else {
        lost = true;
        beating.cancel(false);
        onLoss.run();
      }
    } catch (TransientException e) {
      // Perhaps the file system is back at the next beat.
    }
  }

  private List<String> all() {
    List<String> texts = new ArrayList<>();
    for (int n = 1; directory.has(name(n)); n++) {
      texts.add(read(name(n)));
    }
    return texts;
  }

  private List<String> each(int count, IntFunction<String> name) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> read(name.apply(n))).toList();
  }

  /** Empty if there is no such file. */
  private String read(String name) {
    for (int attempt = 1; directory.has(name); attempt++) {
      try {
        return directory.readText(name);
      } catch (TransientException e) {
        // Another may have deleted it since, and a third have made it again.
        if (attempt == READINGS) {
          throw e;
        }
      }
    }
    return "";
  }

  private static String name(int n) {
    return "_lock-" + n;
  }

  private static String sign(int n) {
    return "_lock-%d-beat".formatted(n);
  }

  private static void pause(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted while waiting for the lock of a run", e);
    }
  }
}
