package org.sparkvae.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.exception.JvmErrors;
import org.sparkvae.run.ApplicationMaster;

/**
 * The end of the process. Whatever ends it, it prints at most one line and has a documented exit
 * code: after its command, after a signal, if a library calls {@code System.exit}, or if a
 * library's thread runs out of memory.
 */
final class ProcessEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);

  /** Time for the current minibatch, file or task to end. */
  private static final int GRACE_SECONDS = 20;

  /** Below the priorities of all other hooks. */
  private static final int LAST = 0;

  private final ConsoleReporter reporter;
  private final Thread work = Thread.currentThread();
  private final CountDownLatch workEnded = new CountDownLatch(1);
  private final CountDownLatch causeReported = new CountDownLatch(1);
  private final AtomicReference<Integer> code = new AtomicReference<>();
  private volatile boolean isByLibrary;

  private ProcessEnd(ConsoleReporter reporter) {
    this.reporter = reporter;
  }

  /** Prepares the end of a process whose command runs on the calling thread. */
  static ProcessEnd prepare(ConsoleReporter reporter) {
    ProcessEnd end = new ProcessEnd(reporter);
    // Java itself would print a stack trace.
    Thread.setDefaultUncaughtExceptionHandler(end::onUncaughtException);
    Runtime.getRuntime().addShutdownHook(new Thread(end::onShutdown, "spark-vae-shutdown"));
    ShutdownHookManager.get()
        .addShutdownHook(end::setExitCode, LAST, 2 * GRACE_SECONDS, TimeUnit.SECONDS);
    return end;
  }

  /**
   * Ends the process after its command. YARN's application master ends the process itself, and an
   * earlier end would count as a failure.
   */
  void exit(int commandCode) {
    code.compareAndSet(null, commandCode);
    workEnded.countDown();
    if (ApplicationMaster.isThisProcess()) {
      ApplicationMaster.report(commandCode);
      return;
    }
    // DL4J's threads would keep the process alive.
    System.exit(commandCode);
  }

  private void onUncaughtException(Thread thread, Throwable thrown) {
    LOG.error("{} failed", thread.getName(), thrown);
    // A library's thread that ran out of memory would be missing, and the job could wait for it.
    JvmErrors.find(thrown).ifPresent(e -> end(ExitCode.USAGE, e.getMessage()));
    if (thread == work) {
      end(ExitCode.INTERNAL_ERROR, "internal error: " + thrown);
    }
  }

  private void end(ExitCode exitCode, String line) {
    report(exitCode, line);
    System.exit(exitCode.code());
  }

  /** Reports the reason for the end, unless the command has reported another one. */
  private void report(ExitCode exitCode, String line) {
    if (reporter.end(line)) {
      code.compareAndSet(null, exitCode.code());
    }
  }

  private void onShutdown() {
    try {
      if (workEnded.getCount() == 0) {
        return;
      }
      ExitCall call = ExitCall.find();
      if (call.isSignal()) {
        reporter.interrupted();
      } else {
        isByLibrary = true;
        report(call.outcome().code(), call.outcome().line());
      }
      work.interrupt();
      if (call.thread() != work) {
        awaitWork();
      }
    } finally {
      causeReported.countDown();
    }
  }

  private void awaitWork() {
    try {
      if (!workEnded.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("interrupted: the current work did not stop within {} s", GRACE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Replaces the exit code of a library after all files are deleted. */
  private void setExitCode() {
    try {
      causeReported.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (isByLibrary && code.get() != null) {
      Runtime.getRuntime().halt(code.get());
    }
  }
}
