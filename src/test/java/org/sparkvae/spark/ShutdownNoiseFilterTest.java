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
  void standBeforeTheConsole() {
    console = System.err;
    System.setErr(new PrintStream(printed, true, Charset.defaultCharset()));
    ShutdownNoiseFilter.keepOffTheConsole();
  }

  @AfterEach
  void putBack() {
    System.setErr(console);
  }

  /** As Spark's pools do at its end. */
  private static void completeWhenItsPoolIsShutDown() {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    Promise<Integer> promise = scala.concurrent.Promise$.MODULE$.apply();
    promise.future().foreach(each -> each, ExecutionContext.fromExecutorService(pool));
    pool.shutdown();
    promise.success(1);
  }

  @Test
  void areNotPrinted() {
    PrintStream quiet = System.err;
    System.setErr(new PrintStream(printed, true, Charset.defaultCharset()));
    completeWhenItsPoolIsShutDown();
    assertThat(printed.toString(Charset.defaultCharset())).contains("RejectedExecutionException");
    printed.reset();
    System.setErr(quiet);
    completeWhenItsPoolIsShutDown();
    assertThat(printed.toString(Charset.defaultCharset())).isEmpty();
  }

  @Test
  void whatComesAfterThemIsPrinted() {
    completeWhenItsPoolIsShutDown();
    System.err.println("sparkvae: a failure");
    completeWhenItsPoolIsShutDown();
    new RejectedExecutionException("another's").printStackTrace();
    assertThat(printed.toString(Charset.defaultCharset()).lines())
        .startsWith(
            "sparkvae: a failure", "java.util.concurrent.RejectedExecutionException: another's")
        .hasSizeGreaterThan(3);
  }
}
