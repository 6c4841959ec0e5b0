package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NativeBackendTest {
  @Test
  void selectsTheExtensionForTheProcessor() {
    assertThat(
            NativeBackend.cpuExtension(
                new CpuInfo(
                    "",
                    0,
                    0,
                    Set.of(
                        "avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"))))
        .isEqualTo("-onednn-avx512");
    // A Xeon Phi has AVX-512 without the parts that the native library requires.
    assertThat(
            NativeBackend.cpuExtension(
                new CpuInfo("", 0, 0, Set.of("avx2", "fma", "avx512f", "avx512cd"))))
        .isEqualTo("-onednn-avx2");
    assertThat(NativeBackend.cpuExtension(new CpuInfo("", 0, 0, Set.of("sse4_2", "avx"))))
        .isEqualTo("-onednn");
  }
}
