package org.sparkvae.spark;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;

/**
 * Keeps off the console what Scala prints there when Spark ends while a block is being removed: the
 * pool that was to hear of it is shut down, and refuses. It means nothing, but reads like a crash.
 */
final class ShutdownNoiseFilter extends PrintStream {
  private static final String CALLBACK = "scala.concurrent.impl.CallbackRunnable";

  private boolean withinTrace;

  ShutdownNoiseFilter(PrintStream console) {
    super(console, true, Charset.defaultCharset());
  }

  static synchronized void keepOffTheConsole() {
    if (!(System.err instanceof ShutdownNoiseFilter)) {
      System.setErr(new ShutdownNoiseFilter(System.err));
    }
  }

  /** A stack trace comes line by line, with this stream locked. */
  @Override
  public synchronized void println(Object line) {
    withinTrace = isRefusedCallback(line) || (withinTrace && String.valueOf(line).startsWith("\t"));
    if (!withinTrace) {
      super.println(line);
    }
  }

  private static boolean isRefusedCallback(Object line) {
    return line instanceof RejectedExecutionException refusal
        && Arrays.stream(refusal.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(CALLBACK));
  }
}
