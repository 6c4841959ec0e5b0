package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.TransientException;

class SparkErrorsTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  @Test
  void fullDiskInATaskIsATemporaryFailure() {
    Exception thrown =
        thrownBy(
            () -> {
              throw new IOException("No space left on device");
            });
    assertThat(SparkErrors.translate(thrown))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageNotContaining("\n")
        .hasCause(thrown);
  }

  @Test
  void lostExecutorIsATemporaryFailure() {
    SparkException lost =
        new SparkException(
            "Job aborted: Lost task 0.0 (TID 3): ExecutorLostFailure (executor 1 exited)\nDriver …");
    assertThat(SparkErrors.translate(lost)).isInstanceOf(TransientException.class);
    assertThat(SparkErrors.translate(new IllegalStateException("around", lost)))
        .isInstanceOf(TransientException.class);
  }

  @Test
  void programErrorInATaskStaysAnInternalError() {
    Exception thrown =
        thrownBy(
            () -> {
              throw new ArithmeticException("by zero");
            });
    assertThat(SparkErrors.translate(thrown))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("by zero");
  }

  @Test
  void failuresOfARemoteTaskKeepTheirKind() {
    assertThat(
            SparkErrors.ofText(
                "org.sparkvae.exception.ConfigurationException: x\nCaused by: java.lang.UnsatisfiedLinkError: y",
                "a task failed"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("a task failed (x)");
    assertThat(SparkErrors.ofText("org.sparkvae.exception.TransientException: x.", "a task failed"))
        .isInstanceOf(TransientException.class)
        .hasMessage(
            "a task failed (x). Rerun the same command to resume from the last checkpoint.");
  }

  /** If Spark ended this process, as it does by default, no test would have a result. */
  @Test
  void lackOfMemoryInATaskIsAConfigurationError() {
    Exception thrown =
        thrownBy(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });
    assertThat(SparkErrors.translate(thrown))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("OutOfMemoryError: Java heap space", "spark.driver.memory");
  }

  @Test
  void invalidMasterIsAConfigurationError() {
    SparkException thrown = new SparkException("Could not parse Master URL: 'local[2'");
    assertThat(SparkErrors.translate(thrown))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("--master", "'local[2'", "spark://HOST:PORT");
  }

  @Test
  void projectExceptionIsReturnedUnchanged() {
    DivergenceException divergence = new DivergenceException("epoch 1");
    assertThat(SparkErrors.translate(new IllegalStateException(divergence))).isSameAs(divergence);
  }

  private interface Task extends java.io.Serializable {
    void run() throws Exception;
  }

  private Exception thrownBy(Task task) {
    return catchThrowableOfType(
        Exception.class,
        () ->
            spark
                .parallelize(List.of(1), 1)
                .map(
                    element -> {
                      task.run();
                      return element;
                    })
                .collect());
  }
}
