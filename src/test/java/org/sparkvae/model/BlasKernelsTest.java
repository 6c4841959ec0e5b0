package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class BlasKernelsTest {
  private static final String AVX_512 = "avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl";

  @ParameterizedTest
  @CsvSource({
    "GenuineIntel, " + AVX_512 + ", SkylakeX",
    "GenuineIntel, avx2 fma avx512f avx512cd, Haswell",
    "GenuineIntel, avx2 fma, Haswell",
    "GenuineIntel, avx, ",
    "AuthenticAMD, " + AVX_512 + ", Zen",
    "AuthenticAMD, avx, ",
    "CentaurHauls, avx2 fma, "
  })
  void followTheFlagsNotTheModelNumber(String vendor, String flags, String kernels) {
    Processor processor =
        Processor.parse(
            Stream.of(
                "processor\t: 0", "vendor_id\t: " + vendor, "flags\t\t: " + flags, "", "flags: x"));

    assertThat(BlasKernels.suited(processor).orElse(null)).isEqualTo(kernels);
  }

  @Test
  void areLeftToOpenBlasWhereThereIsNoSuchFile() {
    assertThat(BlasKernels.suited(Processor.parse(Stream.empty()))).isEmpty();
  }

  @Test
  void areThoseOfThisProcessor() {
    assumeThat(System.getenv("OPENBLAS_CORETYPE")).isNull();
    assumeThat(BlasKernels.suited()).isPresent();
    NativeBackend.choose();
    Nd4j.getBackend();

    assertThat(BlasKernels.loaded()).isIn(BlasKernels.suited().orElseThrow(), "Cooperlake");
  }
}
