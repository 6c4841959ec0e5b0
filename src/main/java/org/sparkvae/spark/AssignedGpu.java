package org.sparkvae.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPU that Spark assigned to an executor, of those that {@code submit/gpu-discovery.sh} found
 * on its host. It is bound before anything is computed, so that two executors of one host never
 * take the same.
 */
final class AssignedGpu {
  private static final Logger LOG = LoggerFactory.getLogger(AssignedGpu.class);
  private static final String RESOURCE = "gpu";

  private AssignedGpu() {}

  /** Makes nd4j use one device and no other. */
  @FunctionalInterface
  interface Binding {
    void to(int device) throws ReflectiveOperationException;
  }

  /**
   * Binds nd4j to the executor's GPU.
   *
   * @param resources that Spark assigned
   * @param isCudaBuild whether nd4j computes on a GPU here
   * @throws IllegalStateException if that is so and there is not one GPU, naming the setting
   */
  static void bind(
      String executor,
      Map<String, ResourceInformation> resources,
      boolean isCudaBuild,
      Binding binding) {
    List<String> addresses =
        Optional.ofNullable(resources.get(RESOURCE))
            .map(gpu -> List.of(gpu.addresses()))
            .orElse(List.of());
    if (!isCudaBuild) {
      addresses.forEach(
          address ->
              LOG.warn(
                  "executor {}: GPU {} is assigned, and not used: this build computes on the CPU",
                  executor,
                  address));
      return;
    }
    if (addresses.size() != 1) {
      throw new IllegalStateException(
          "executor %s has %d GPUs and needs one; set spark.executor.resource.gpu.amount=1 and spark.task.resource.gpu.amount"
              .formatted(executor, addresses.size()));
    }
    try {
      binding.to(Integer.parseInt(addresses.get(0)));
    } catch (RuntimeException | ReflectiveOperationException e) {
      throw new IllegalStateException(
          "executor %s cannot use GPU '%s': %s; see submit/gpu-discovery.sh"
              .formatted(executor, addresses.get(0), e.getMessage()),
          e);
    }
    LOG.info("executor {}: GPU {}", executor, addresses.get(0));
  }

  /** By nd4j's own configuration, whose classes only the gpu build has. */
  static void useDevice(int device) throws ReflectiveOperationException {
    // Only of devices that it has found can nd4j be told to use one; this has it look.
    String backend;
    try {
      backend = Nd4j.getBackend().getClass().getSimpleName();
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException("nd4j found no CUDA device that it can use", e);
    }
    if (!backend.equals("JCublasBackend")) {
      throw new IllegalStateException(
          "nd4j found no CUDA device that it can use, and took " + backend);
    }
    Class<?> environment = Class.forName("org.nd4j.jita.conf.CudaEnvironment");
    Object configuration =
        environment
            .getMethod("getConfiguration")
            .invoke(environment.getMethod("getInstance").invoke(null));
    Class<?> type = configuration.getClass();
    type.getMethod("useDevice", Integer.class).invoke(configuration, device);
    Object used = type.getMethod("getAvailableDevices").invoke(configuration);
    if (!used.equals(List.of(device))) {
      throw new IllegalStateException("nd4j uses the devices " + used);
    }
  }
}
