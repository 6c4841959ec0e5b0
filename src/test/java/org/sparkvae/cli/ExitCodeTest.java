package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.ThresholdException;
import org.sparkvae.exception.TransientException;

class ExitCodeTest {
  @Test
  void mapsEveryExceptionToItsCode() {
    assertThat(ExitCode.of(new ConfigurationException("x")).code()).isEqualTo(2);
    assertThat(ExitCode.of(new InputDataException("x")).code()).isEqualTo(3);
    assertThat(ExitCode.of(new DivergenceException("x")).code()).isEqualTo(4);
    assertThat(ExitCode.of(new ThresholdException("x")).code()).isEqualTo(5);
    assertThat(ExitCode.of(new TransientException("x")).code()).isEqualTo(75);
  }

  @Test
  void mapsOtherExceptionsToInternalError() {
    assertThat(ExitCode.of(new IllegalStateException("x")).code()).isEqualTo(1);
    assertThat(ExitCode.of(new IOException("x")).code()).isEqualTo(1);
    assertThat(ExitCode.of(new OutOfMemoryError("x")).code()).isEqualTo(1);
    // Only the outermost exception counts.
    assertThat(
            ExitCode.of(new UncheckedIOException(new IOException(new TransientException("x"))))
                .code())
        .isEqualTo(1);
  }

  @Test
  void helpListsEveryCodeInOrder() {
    assertThat(ExitCode.help().keySet()).containsExactly(" 0", " 1", " 2", " 3", " 4", " 5", " 75");
  }
}
