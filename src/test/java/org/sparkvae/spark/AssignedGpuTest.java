package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class AssignedGpuTest {
  private final List<String> bound = new ArrayList<>();

  private void bind(boolean isCudaBuild, String... addresses) {
    AssignedGpu.bind(
        "3",
        addresses.length == 0 ? Map.of() : Map.of("gpu", new ResourceInformation("gpu", addresses)),
        isCudaBuild,
        bound::add);
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
                    AssignedGpu::useOnly))
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
}
