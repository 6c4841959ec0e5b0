package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Promise;

class RefusedCallbacksTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private PrintStream console;

  @BeforeEach
  void standBeforeTheConsole() {
    console = System.err;
    System.setErr(new PrintStream(printed, true, Charset.defaultCharset()));
    RefusedCallbacks.keepOffTheConsole();
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
    completeWhenItsPoolIsShutDown();
    assertThat(printed.toString(Charset.defaultCharset())).isEmpty();
  }

  @Test
  void whatComesAfterThemIsPrinted() {
    completeWhenItsPoolIsShutDown();
    System.err.println("sparkvae: a failure");
    completeWhenItsPoolIsShutDown();
    new IllegalStateException("another").printStackTrace();
    assertThat(printed.toString(Charset.defaultCharset()).lines())
        .startsWith("sparkvae: a failure", "java.lang.IllegalStateException: another")
        .hasSizeGreaterThan(3);
  }
}
