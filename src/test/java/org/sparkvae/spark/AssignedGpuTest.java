package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.sparkvae.gpu.HostGpus;

class AssignedGpuTest {
  private final List<String> bound = new ArrayList<>();

  private void bind(boolean isCudaBuild, String... addresses) {
    AssignedGpu.bind(
        "3",
        addresses.length == 0 ? Map.of() : Map.of("gpu", new ResourceInformation("gpu", addresses)),
        isCudaBuild,
        bound::add,
        () -> new HostGpus("", ""));
  }

  @Test
  void gpuBuildUsesTheAssignedGpu() {
    bind(true, "5");
    assertThat(bound).containsExactly("5");
  }

  @Test
  void cpuBuildIgnoresAssignedGpus() {
    bind(false);
    bind(false, "0", "1");
    assertThat(bound).isEmpty();
  }

  @Test
  void rejectsNoneOrTwoGpusAndNamesTheSetting() {
    assertThatThrownBy(() -> bind(true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("executor 3 has 0 GPUs", "spark.executor.resource.gpu.amount=1");
    assertThatThrownBy(() -> bind(true, "0", "1")).hasMessageContaining("has 2 GPUs");
  }

  @Test
  void reportsWhyTheGpuCannotBeUsed() {
    assertThatThrownBy(
            () ->
                AssignedGpu.bind(
                    "3",
                    Map.of("gpu", new ResourceInformation("gpu", new String[] {"7"})),
                    true,
                    AssignedGpu::useOnly,
                    () -> new HostGpus("7, Tesla T4, 535.104.05, 7.5", "")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "executor 3 cannot use GPU '7'", "nd4j does not start on it", "ClassNotFoundException");
    // CUDA reads this variable.
    assertThat(
            NativeLibrary.getInstance("c")
                .getFunction("getenv")
                .invokeString(new Object[] {"CUDA_VISIBLE_DEVICES"}, false))
        .isEqualTo("7");
  }

  @Test
  void namesAProblemOfTheHost() {
    assertThatThrownBy(
            () ->
                AssignedGpu.bind(
                    "3",
                    Map.of("gpu", new ResourceInformation("gpu", new String[] {"0"})),
                    true,
                    address -> {
                      throw new IllegalStateException("no device");
                    },
                    () -> new HostGpus("0, Tesla T4, 440.33.01, 7.5", "")))
        .hasMessage(
            "executor 3 cannot use GPU '0': the driver's version is 440.33.01, but CUDA 11.6 needs 450.80.02 or newer. Install a newer NVIDIA driver on this host.");
  }

  /** The errors of static initializers have no message. */
  @Test
  void namesTheCauseOfAnError() {
    assertThatThrownBy(
            () ->
                AssignedGpu.bind(
                    "3",
                    Map.of("gpu", new ResourceInformation("gpu", new String[] {"0"})),
                    true,
                    address -> {
                      throw new ExceptionInInitializerError(
                          new UnsatisfiedLinkError("`GLIBC_2.27' not found"));
                    },
                    () -> new HostGpus("0, Tesla T4, 535.104.05, 7.5", "")))
        .hasMessageContaining("`GLIBC_2.27' not found");
  }
}
