package org.sparkvae.exception;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmErrorsTest {
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
    assertFound(error, "out of memory (", "Use a new run with a smaller --batch-size");
  }

  @Test
  void findsALackOfThreads() {
    Error error =
        new OutOfMemoryError(
            "unable to create native thread: possibly out of memory or process/resource limits reached");
    assertThat(JvmErrors.find(error)).get().asString().contains("ulimit -u");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.UnsatisfiedLinkError: /root/.javacpp/cache/x.so: failed to map segment",
        "java.lang.UnsatisfiedLinkError: no jniopenblas_nolapack in java.library.path",
        "java.lang.NoClassDefFoundError: Could not initialize class org.xerial.snappy.Snappy",
        "Lost task 0.3: java.lang.NoClassDefFoundError: Could not initialize class org.nd4j.linalg.factory.Nd4j\n\tat a",
        "java.lang.NoClassDefFoundError: Could not initialize class org.bytedeco.javacpp.Loader",
        "java.lang.NoClassDefFoundError: Could not initialize class org.sparkvae.model.cpu.OneDnn"
      })
  void findsAMissingNativeLibrary(String error) {
    assertFound(error, "a native library cannot be loaded (", "Run submit/sparkvae doctor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.NoClassDefFoundError: Could not initialize class org.sparkvae.Main",
        "Command exited with code 137",
        "exit code 520",
        "java.lang.StackOverflowError",
        "executor 52 was lost",
        "null"
      })
  void ignoresOtherErrors(String error) {
    assertThat(JvmErrors.find(error, "")).isEmpty();
    assertThat(JvmErrors.find(new Exception(error))).isEmpty();
  }

  private static void assertFound(String error, String problem, String advice) {
    assertThat(message(JvmErrors.find(error, "a task failed (x)")))
        .startsWith("a task failed (x). " + advice);
    assertThat(message(JvmErrors.find(new IllegalStateException("around", new Exception(error)))))
        .startsWith(problem)
        .contains(advice)
        .doesNotContain("\n");
  }

  private static String message(Optional<ConfigurationException> found) {
    return found.orElseThrow().getMessage();
  }
}
