package org.sparkvae.exception;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.OutOfMemoryError: Java heap space",
        "java.lang.OutOfMemoryError: GC overhead limit exceeded",
        "java.lang.OutOfMemoryError: Cannot allocate new FloatPointer(401408000): totalBytes = 1G",
        "Job aborted due to stage failure: java.lang.OutOfMemoryError: Metaspace\n\tat a.b",
        "ExecutorLostFailure (executor 1 exited): Command exited with code 52",
        "Container exited with a non-zero exit code 52",
        "Container marked as failed. Exit status: 52.",
        "terminate called after throwing an instance of 'std::bad_alloc'"
      })
  void findsALackOfMemory(String error) {
    assertThat(OutOfMemory.find(error, "a task failed (x)"))
        .get()
        .extracting(Throwable::getMessage)
        .asString()
        .startsWith("a task failed (x). Use a smaller --batch-size")
        .contains("--conf spark.driver.memory=8g");
    assertThat(OutOfMemory.find(new IllegalStateException("around", new Exception(error))))
        .get()
        .extracting(Throwable::getMessage)
        .asString()
        .startsWith("out of memory (")
        .doesNotContain("\n");
  }

  @Test
  void findsALackOfThreads() {
    Error error =
        new OutOfMemoryError(
            "unable to create native thread: possibly out of memory or process/resource limits reached");
    assertThat(OutOfMemory.find(error)).get().asString().contains("ulimit -u");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Command exited with code 137",
        "exit code 520",
        "java.lang.StackOverflowError",
        "executor 52 was lost",
        "null"
      })
  void ignoresOtherErrors(String error) {
    assertThat(OutOfMemory.find(error, "")).isEmpty();
    assertThat(OutOfMemory.find(new Exception(error))).isEmpty();
  }
}
