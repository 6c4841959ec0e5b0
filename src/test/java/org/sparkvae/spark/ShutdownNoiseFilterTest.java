package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Promise;

class ShutdownNoiseFilterTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private PrintStream console;

  @BeforeEach
  void installFilter() {
    console = System.err;
    System.setErr(new PrintStream(printed, true, Charset.defaultCharset()));
    ShutdownNoiseFilter.install();
  }

  @AfterEach
  void restoreConsole() {
    System.setErr(console);
  }

  /** Completes a promise after its pool is shut down, as Spark does when it stops. */
  private static void completePromiseAfterPoolShutdown() {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    Promise<Integer> promise = scala.concurrent.Promise$.MODULE$.apply();
    promise.future().foreach(value -> value, ExecutionContext.fromExecutorService(pool));
    pool.shutdown();
    promise.success(1);
  }

  @Test
  void dropsRejectedCallbacks() {
    PrintStream filter = System.err;
    System.setErr(new PrintStream(printed, true, Charset.defaultCharset()));
    completePromiseAfterPoolShutdown();
    assertThat(printed.toString(Charset.defaultCharset())).contains("RejectedExecutionException");
    printed.reset();
    System.setErr(filter);
    completePromiseAfterPoolShutdown();
    assertThat(printed.toString(Charset.defaultCharset())).isEmpty();
  }

  @Test
  void printsOtherLines() {
    completePromiseAfterPoolShutdown();
    System.err.println("sparkvae: a failure");
    completePromiseAfterPoolShutdown();
    new RejectedExecutionException("unrelated").printStackTrace();
    assertThat(printed.toString(Charset.defaultCharset()).lines())
        .startsWith(
            "sparkvae: a failure", "java.util.concurrent.RejectedExecutionException: unrelated")
        .hasSizeGreaterThan(3);
  }
}
