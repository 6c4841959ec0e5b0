package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class AssignedGpuTest {
  private final List<Integer> bound = new ArrayList<>();

  private void bind(boolean isCudaBuild, String... addresses) {
    AssignedGpu.bind(
        "3",
        addresses.length == 0 ? Map.of() : Map.of("gpu", new ResourceInformation("gpu", addresses)),
        isCudaBuild,
        bound::add);
  }

  @Test
  void theGpuBuildIsBoundToTheOneAssigned() {
    bind(true, "5");
    assertThat(bound).containsExactly(5);
  }

  @Test
  void theCpuBuildNeedsNone() {
    bind(false);
    bind(false, "0", "1");
    assertThat(bound).isEmpty();
  }

  @Test
  void noneOrTwoAreNamedWithTheSetting() {
    assertThatThrownBy(() -> bind(true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("executor 3 has 0 GPUs", "spark.executor.resource.gpu.amount=1");
    assertThatThrownBy(() -> bind(true, "0", "1")).hasMessageContaining("has 2 GPUs");
  }

  @Test
  void whatIsNoDeviceIsNamed() {
    assertThatThrownBy(() -> bind(true, "MIG-3f2"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("executor 3 cannot use GPU 'MIG-3f2'");
    assertThatThrownBy(
            () ->
                AssignedGpu.bind(
                    "3",
                    Map.of("gpu", new ResourceInformation("gpu", new String[] {"0"})),
                    true,
                    AssignedGpu::useDevice))
        .hasMessageContaining("nd4j found no CUDA device that it can use, and took CpuBackend");
  }
}
