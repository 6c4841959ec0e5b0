package org.sparkvae.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.doctor.Finding.Level;
import org.sparkvae.gpu.HostGpus;

/**
 * Uses output in the format of {@code nvidia-smi
 * --query-gpu=index,name,driver_version,compute_cap}.
 */
class GpuAssignmentTest {
  private static final String TWO_GPUS =
      "0, NVIDIA A100-SXM4-40GB, 535.104.05, 8.0\n1, Tesla T4, 535.104.05, 7.5\n";
  private static final String HOPPER = "0, NVIDIA H100 PCIe, 550.54.15, 9.0";

  private static Finding check(boolean isCudaBuild, List<String> assigned, String smiOutput) {
    return GpuAssignment.check(
        "executor 0 (host)", new GpuAssignment(isCudaBuild, assigned, new HostGpus(smiOutput, "")));
  }

  /** A GPU with MIG slices is still one line in the output; only its slices have these UUIDs. */
  @Test
  void acceptsAnAssignedMigSlice() {
    Finding finding =
        check(
            true,
            List.of("MIG-0b1a2c3d-5e6f-5a5b-8c8d-9e9f00112233"),
            "0, NVIDIA A30, 535.104.05, 8.0");
    assertThat(finding.level()).isEqualTo(Level.OK);
    assertThat(finding.result()).contains("MIG-0b1a2c3d", "NVIDIA A30 (8.0)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "No devices were found",
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that"
            + " the latest NVIDIA driver is installed and running.\n",
        "Field \"compute_cap\" is not a valid field to query.\n",
        "0, Some Card, [N/A]"
      })
  void ignoresOutputWithoutGpus(String output) {
    assertThat(new HostGpus(output, "").visible()).isEmpty();
    Finding finding = check(true, List.of(), output);
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.line())
        .contains("visible: none", output.lines().findFirst().orElse(""), "without -Pgpu");
  }

  @ParameterizedTest
  @CsvSource({
    "3.5, false",
    "3.7, true",
    "5.2, true",
    "6.1, true",
    "7.0, true",
    "7.5, true",
    "8.0, true",
    "8.6, true",
    "8.9, true",
    "9.0, false",
    "10.0, false",
    "12.0, false"
  })
  void supportsCapabilitiesThatNd4jHasCodeFor(String capability, boolean isSupported) {
    Finding finding = check(true, List.of(), "0, A Card, 535.104.05, " + capability);
    assertThat(finding.level()).isEqualTo(isSupported ? Level.OK : Level.WRONG_SETTING);
    assertThat(finding.result()).contains("A Card (" + capability + ")");
  }

  @ParameterizedTest
  @CsvSource({"'', true", "all, true", "'compute,utility', true", "utility, false", "video, false"})
  void containerNeedsTheCudaDriver(String capabilities, boolean isEnough) {
    Finding finding =
        GpuAssignment.check(
            "executor 0 (host)",
            new GpuAssignment(true, List.of("1"), new HostGpus(TWO_GPUS, capabilities)));
    assertThat(finding.level()).isEqualTo(isEnough ? Level.OK : Level.WRONG_SETTING);
    assertThat(finding.line().contains("NVIDIA_DRIVER_CAPABILITIES=compute,utility"))
        .isNotEqualTo(isEnough);
  }

  @Test
  void cpuBuildNeedsNoGpu() {
    assertThat(check(false, List.of(), "").level()).isEqualTo(Level.OK);
    Finding unused = check(false, List.of(), HOPPER);
    assertThat(unused.level()).isEqualTo(Level.OK);
    assertThat(unused.result()).isEqualTo("0: NVIDIA H100 PCIe (9.0), not used");
  }

  @Test
  void warnsOfAGpuAssignedToTheCpuBuild() {
    Finding finding = check(false, List.of("1"), TWO_GPUS);
    assertThat(finding.level()).isEqualTo(Level.WARNING);
    assertThat(finding.line()).contains("assigned: 1", "computes on the CPU", "mvn -Pgpu package");
  }

  @Test
  void rejectsAnAssignedHopperGpuEvenInTheCpuBuild() {
    Finding finding = check(false, List.of("0"), HOPPER);
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.line()).contains("H100", "no code for this compute capability", "CPU build");
  }

  @Test
  void requiresSupportForAssignedGpusOnly() {
    String mixed = HOPPER + "\n1, Tesla T4, 550.54.15, 7.5";
    assertThat(check(true, List.of("1"), mixed).level()).isEqualTo(Level.OK);
    assertThat(check(true, List.of("0"), mixed).level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(check(true, List.of(), mixed).level()).isEqualTo(Level.WRONG_SETTING);
  }

  @Test
  void rejectsAnAssignedGpuThatDoesNotExist() {
    Finding finding = check(true, List.of("0", "2"), TWO_GPUS);
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.line())
        .contains("assigned: 0, 2; visible: 0: NVIDIA A100", "discovery script");
    Finding none = check(false, List.of("0"), "");
    assertThat(none.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(none.line()).contains("assigned: 0; visible: none", "discovery script");
  }
}
