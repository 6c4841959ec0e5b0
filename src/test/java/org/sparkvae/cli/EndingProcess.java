package org.sparkvae.cli;

import org.apache.spark.SparkConf;
import org.apache.spark.storage.DiskBlockManager;
import org.apache.spark.util.SparkUncaughtExceptionHandler;

/** A process whose command does not end by itself. Its argument says what ends the process. */
final class EndingProcess {
  private EndingProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    ProcessEnd end = ProcessEnd.prepare(new ConsoleReporter());
    switch (arguments[0]) {
      case "uncaught exception" -> inThread(() -> sparkHandles(new IllegalStateException("x")));
      case "temporary directory" -> inThread(EndingProcess::createBlocksInProc);
      case "temporary directory in work" -> createBlocksInProc();
      case "memory of a thread" ->
          inThread(
              () -> {
                throw new OutOfMemoryError("Java heap space");
              });
      case "threads" -> throw new OutOfMemoryError("unable to create native thread");
      case "library" -> inThread(() -> System.exit(56));
      case "library in work" -> System.exit(77);
      case "command" -> end.exit(3);
      default -> System.out.println("waiting for a signal");
    }
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      // The command of the real process reports its own error now.
      end.exit(75);
    }
  }

  private static void sparkHandles(Throwable thrown) {
    new SparkUncaughtExceptionHandler(true).uncaughtException(Thread.currentThread(), thrown);
  }

  private static void createBlocksInProc() {
    new DiskBlockManager(new SparkConf().set("spark.local.dir", "/proc"), true, true);
  }

  private static void inThread(Runnable action) {
    new Thread(action, "library").start();
  }
}
