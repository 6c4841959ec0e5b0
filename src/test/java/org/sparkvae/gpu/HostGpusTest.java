package org.sparkvae.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uses lines in the format of {@code nvidia-smi --query-gpu}. */
class HostGpusTest {
  @Test
  void listsEveryGpu() {
    String output = "0, NVIDIA A100-SXM4-40GB, 535.104.05, 8.0\n1, Tesla T4, 535.104.05, 7.5\n";
    assertThat(new HostGpus(output, "").visible())
        .containsExactly(
            new GpuInfo(0, "NVIDIA A100-SXM4-40GB", "535.104.05", "8.0"),
            new GpuInfo(1, "Tesla T4", "535.104.05", "7.5"));
  }

  /** Drivers before 495 do not report the capability. */
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
