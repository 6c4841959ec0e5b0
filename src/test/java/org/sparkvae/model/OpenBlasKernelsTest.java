package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.testing.JvmProcess;

class OpenBlasKernelsTest {
  private static final String AVX_512 = "avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl";
  private static final int DEADLINE_SECONDS = 60;

  @ParameterizedTest
  @CsvSource({
    // Emerald Rapids, with and without all instruction sets that the SkylakeX kernels require.
    "GenuineIntel, 6, 207, " + AVX_512 + ", SkylakeX",
    "GenuineIntel, 6, 207, avx2 fma avx512f avx512cd, Haswell",
    // Raptor Lake; Sapphire Rapids, Skylake and a virtual machine without AVX2.
    "GenuineIntel, 6, 183, avx2 fma, Haswell",
    "GenuineIntel, 6, 143, " + AVX_512 + ", ",
    "GenuineIntel, 6, 85, " + AVX_512 + ", ",
    "GenuineIntel, 6, 207, avx, ",
    // Zen 5 and Zen 4.
    "AuthenticAMD, 26, 68, " + AVX_512 + ", Zen",
    "AuthenticAMD, 25, 97, " + AVX_512 + ", ",
    "CentaurHauls, 26, 68, avx2 fma, "
  })
  void selectsKernelsForMisdetectedProcessors(
      String vendor, int family, int model, String flags, String kernels) {
    CpuInfo processor =
        CpuInfo.parse(
            Stream.of(
                "processor\t: 0",
                "vendor_id\t: " + vendor,
                "cpu family\t: " + family,
                "model\t\t: " + model,
                "model name\t: 13th Gen",
                "flags\t\t: " + flags,
                "",
                "flags\t\t: sse"));

    assertThat(OpenBlasKernels.kernelsFor(processor)).isEqualTo(Optional.ofNullable(kernels));
  }

  @Test
  void selectsNoKernelsWithoutCpuInfo() {
    assertThat(OpenBlasKernels.kernelsFor(CpuInfo.parse(Stream.empty()))).isEmpty();
  }

  @Test
  void processUsesTheSelectedKernels() throws Exception {
    Optional<String> kernels = OpenBlasKernels.kernelsFor(CpuInfo.ofThisMachine());
    assumeThat(kernels).isPresent();

    assertThat(kernelsOfProcess(null)).isEqualTo(kernels.orElseThrow());
  }

  @Test
  void processUsesTheKernelsThatTheUserSets() throws Exception {
    assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");

    assertThat(kernelsOfProcess("Nehalem")).isEqualTo("Nehalem");
  }

  private static String kernelsOfProcess(String coreType) throws Exception {
    ProcessBuilder builder =
        JvmProcess.of(KernelPrinter.class, List.of())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("OPENBLAS_CORETYPE");
    if (coreType != null) {
      builder.environment().put("OPENBLAS_CORETYPE", coreType);
    }
    Process process = builder.start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("exits before the deadline")
          .isTrue();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return output.substring(output.lastIndexOf('\n') + 1);
    } finally {
      process.destroyForcibly();
    }
  }

  /** A program that prints the OpenBLAS kernels of its process. */
  static final class KernelPrinter {
    public static void main(String[] arguments) {
      NativeBackend.select();
      System.out.println(OpenBlasKernels.loaded().orElse("unknown"));
    }
  }
}
