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
import org.sparkvae.JvmProcess;

class OpenBlasKernelsTest {
  private static final String AVX_512 = "avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl";
  private static final int DEADLINE_SECONDS = 60;

  @ParameterizedTest
  @CsvSource({
    // Emerald Rapids, and one without all that SkylakeX's kernels need.
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
  void areChosenWhereOpenBlasMistakesTheProcessor(
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

    assertThat(OpenBlasKernels.choice(processor)).isEqualTo(Optional.ofNullable(kernels));
  }

  @Test
  void areLeftToOpenBlasWhereThereIsNoSuchFile() {
    assertThat(OpenBlasKernels.choice(CpuInfo.parse(Stream.empty()))).isEmpty();
  }

  @Test
  void areThoseThatWereChosen() throws Exception {
    Optional<String> choice = OpenBlasKernels.choice(CpuInfo.ofThisMachine());
    assumeThat(choice).isPresent();

    assertThat(kernelsOfAProcess(null)).isEqualTo(choice.orElseThrow());
  }

  @Test
  void areThoseThatTheUserAskedFor() throws Exception {
    assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");

    assertThat(kernelsOfAProcess("Nehalem")).isEqualTo("Nehalem");
  }

  private static String kernelsOfAProcess(String asked) throws Exception {
    ProcessBuilder builder =
        JvmProcess.of(Says.class, List.of()).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("OPENBLAS_CORETYPE");
    if (asked != null) {
      builder.environment().put("OPENBLAS_CORETYPE", asked);
    }
    Process process = builder.start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("in time").isTrue();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return said.substring(said.lastIndexOf('\n') + 1);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Prints what a process as any other ends up with. */
  static final class Says {
    public static void main(String[] arguments) {
      NativeBackend.choose();
      System.out.println(OpenBlasKernels.loaded().orElse("unknown"));
    }
  }
}
