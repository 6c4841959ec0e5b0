package org.sparkvae.spark;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;

/**
 * A filter for standard error that drops a harmless stack trace of Scala. Scala prints it if Spark
 * stops while a block is being removed, because the thread pool for the callback is already shut
 * down. It reads like a crash.
 */
final class ShutdownNoiseFilter extends PrintStream {
  private static final String CALLBACK = "scala.concurrent.impl.CallbackRunnable";

  private boolean isInsideTrace;

  ShutdownNoiseFilter(PrintStream console) {
    super(console, true, Charset.defaultCharset());
  }

  /** Replaces {@link System#err} with a filter, unless it is one already. */
  static synchronized void install() {
    if (!(System.err instanceof ShutdownNoiseFilter)) {
      System.setErr(new ShutdownNoiseFilter(System.err));
    }
  }

  /** Drops the lines of the trace. They arrive one by one while this stream is locked. */
  @Override
  public synchronized void println(Object line) {
    isInsideTrace =
        isRejectedCallback(line) || (isInsideTrace && String.valueOf(line).startsWith("\t"));
    if (!isInsideTrace) {
      super.println(line);
    }
  }

  private static boolean isRejectedCallback(Object line) {
    return line instanceof RejectedExecutionException rejection
        && Arrays.stream(rejection.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(CALLBACK));
  }
}
