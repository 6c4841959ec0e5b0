package org.sparkvae.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses outputs of {@code nvidia-smi} that users published, and lines in the same format. */
class HostGpusTest {
  @Test
  void listsEveryGpu() {
    // From triton-inference-server/server#8070, with the columns in the order of the query.
    String output =
        "0, NVIDIA TITAN V, 570.86.15, 7.0\n1, NVIDIA RTX 5880 Ada Generation, 570.86.15, 8.9\n";
    assertThat(new HostGpus(output, "").visible())
        .containsExactly(
            new GpuInfo(0, "NVIDIA TITAN V", "570.86.15", "7.0"),
            new GpuInfo(1, "NVIDIA RTX 5880 Ada Generation", "570.86.15", "8.9"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
        "Failed to initialize NVML: Driver/library version mismatch",
        "No devices were found"
      })
  void reportsWhyNoGpuIsVisible(String output) {
    assertThat(new HostGpus(output + "\n\n", "").problem(List.of("0")))
        .hasValueSatisfying(
            problem -> assertThat(problem.fault()).isEqualTo("visible: none (%s)", output));
  }

  /** Drivers before 495 do not report the capability (huggingface/candle#733, with 470.182.03). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "440.33.01        | the driver's version is 440.33.01, but CUDA 11.6 needs 450.80.02",
        "450.80.02        | ''",
        "470.57.02        | ''",
        "550.54.15, 7.5   | ''",
        "550.54.15, [N/A] | ''",
        "550.54.15, 9.0   | 0: Tesla T4 (9.0): nd4j-cuda-11.6 has no code",
        "418.87, 7.5      | CUDA 11.6 needs 450.80.02 or newer"
      })
  void findsOldDriversAndUnsupportedCards(String fields, String fault) {
    boolean hasCapability = fields.contains(",");
    String output =
        HostGpus.query(
            query ->
                query.contains("compute_cap") && !hasCapability
                    ? "Field \"compute_cap\" is not a valid field to query.\n\n"
                    : "0, Tesla T4, " + fields);
    assertThat(new HostGpus(output, "").visible()).hasSize(1);
    assertThat(
            new HostGpus(output, "").problem(List.of("0")).map(HostGpus.Problem::fault).orElse(""))
        .contains(fault);
  }
}
