package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaEnvironmentTest {
  private static String variable(String name) {
    return NativeLibrary.getInstance("c")
        .getFunction("getenv")
        .invokeString(new Object[] {name}, false);
  }

  @AfterEach
  void unsetHelpers() {
    NativeLibrary.getInstance("c")
        .getFunction("unsetenv")
        .invokeInt(new Object[] {"SD_FORBID_HELPERS"});
  }

  @Test
  void forbidsCudnnAndTf32() {
    CudaEnvironment.set(Map.of(), false);
    assertThat(variable("SD_FORBID_HELPERS")).isEqualTo("1");
    assertThat(variable("NVIDIA_TF32_OVERRIDE")).isEqualTo("0");
    assertThat(variable("CUDA_DEVICE_ORDER")).isEqualTo("PCI_BUS_ID");
  }

  @Test
  void allowsCudnnOnRequest() {
    CudaEnvironment.set(Map.of(), true);
    assertThat(variable("SD_FORBID_HELPERS")).isNull();
    assertThat(variable("NVIDIA_TF32_OVERRIDE")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({", 0", "3, 3", "'2,1', 2", "GPU-8d5c, GPU-8d5c"})
  void showsOneCard(String visible, String expected) {
    CudaEnvironment.set(
        visible == null ? Map.of() : Map.of("CUDA_VISIBLE_DEVICES", visible), false);
    assertThat(variable("CUDA_VISIBLE_DEVICES")).isEqualTo(expected);
  }
}
