package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaEnvironmentTest {
  @BeforeEach
  @AfterEach
  void unsetVariables() {
    for (String name :
        List.of(
            "SD_FORBID_HELPERS",
            "NVIDIA_TF32_OVERRIDE",
            "CUDA_DEVICE_ORDER",
            "CUDA_VISIBLE_DEVICES")) {
      NativeLibrary.getInstance("c").getFunction("unsetenv").invokeInt(new Object[] {name});
    }
  }

  @Test
  void forbidsCudnnAndTf32() {
    CudaEnvironment.set(false);
    assertThat(NativeEnvironment.get("SD_FORBID_HELPERS")).isEqualTo("1");
    assertThat(NativeEnvironment.get("NVIDIA_TF32_OVERRIDE")).isEqualTo("0");
  }

  @Test
  void allowsCudnnOnRequest() {
    CudaEnvironment.set(true);
    assertThat(NativeEnvironment.get("SD_FORBID_HELPERS")).isNull();
    assertThat(NativeEnvironment.get("NVIDIA_TF32_OVERRIDE")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({", 0", "3, 3", "'2,1', 2", "GPU-8d5c, GPU-8d5c"})
  void showsOneCard(String visible, String expected) {
    if (visible != null) {
      NativeEnvironment.set("CUDA_VISIBLE_DEVICES", visible);
    }
    CudaEnvironment.set(false);
    assertThat(NativeEnvironment.get("CUDA_VISIBLE_DEVICES")).isEqualTo(expected);
    assertThat(CudaEnvironment.device()).isEqualTo(expected);
    // A user's index refers to the user's order, and 0 to the order of nvidia-smi.
    assertThat(NativeEnvironment.get("CUDA_DEVICE_ORDER"))
        .isEqualTo(visible == null ? "PCI_BUS_ID" : null);
  }

  /** nd4j selects its backend again when it is loaded, after an executor is bound to its card. */
  @Test
  void keepsTheCardOfAnExecutor() {
    CudaEnvironment.set(false);
    CudaEnvironment.setDevice("3");
    CudaEnvironment.set(false);
    assertThat(CudaEnvironment.device()).isEqualTo("3");
    assertThat(NativeEnvironment.get("CUDA_DEVICE_ORDER")).isEqualTo("PCI_BUS_ID");
  }
}
