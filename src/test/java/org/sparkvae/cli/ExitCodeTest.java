package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.failure.DivergenceFailure;
import org.sparkvae.failure.InputDataFailure;
import org.sparkvae.failure.OutsideFailure;
import org.sparkvae.failure.ThresholdFailure;

class ExitCodeTest {
  @Test
  void everyFailureHasItsCode() {
    assertThat(ExitCode.of(new ConfigurationFailure("x")).code()).isEqualTo(2);
    assertThat(ExitCode.of(new InputDataFailure("x")).code()).isEqualTo(3);
    assertThat(ExitCode.of(new DivergenceFailure("x")).code()).isEqualTo(4);
    assertThat(ExitCode.of(new ThresholdFailure("x")).code()).isEqualTo(5);
    assertThat(ExitCode.of(new OutsideFailure("x")).code()).isEqualTo(75);
  }

  @Test
  void anythingElseIsAFault() {
    assertThat(ExitCode.of(new IllegalStateException("x")).code()).isEqualTo(1);
    assertThat(ExitCode.of(new IOException("x")).code()).isEqualTo(1);
    assertThat(ExitCode.of(new OutOfMemoryError("x")).code()).isEqualTo(1);
    // What wraps a failure was not thrown as one.
    assertThat(
            ExitCode.of(new UncheckedIOException(new IOException(new OutsideFailure("x")))).code())
        .isEqualTo(1);
  }

  @Test
  void theHelpListsEveryCodeInOrder() {
    assertThat(ExitCode.help().keySet()).containsExactly(" 0", " 1", " 2", " 3", " 4", " 5", " 75");
  }
}
