package org.sparkvae.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.model.NativeEnvironment;

/**
 * The GPU that Spark assigned to an executor, of those that {@code submit/gpu-discovery.sh} found
 * on its host. CUDA is made to see that one alone before it is loaded: nd4j would deal its threads
 * out to all that it sees, and its own setting of a device does not keep it from that.
 */
final class AssignedGpu {
  private static final Logger LOG = LoggerFactory.getLogger(AssignedGpu.class);
  private static final String RESOURCE = "gpu";
  private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";

  private AssignedGpu() {}

  /** Makes nd4j use one device and no other. */
  @FunctionalInterface
  interface Binding {
    void to(String address);
  }

  /**
   * Binds nd4j to the executor's GPU.
   *
   * @param resources that Spark assigned
   * @param isCudaBuild whether nd4j computes on a GPU here
   * @throws IllegalStateException if that is so and there is not one GPU that it can use, saying
   *     why
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
      binding.to(addresses.get(0));
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "executor %s cannot use GPU '%s': %s; see docs/gpu.md"
              .formatted(executor, addresses.get(0), e.getMessage()),
          e);
    }
    LOG.info("executor {}: GPU {}", executor, addresses.get(0));
  }

  /**
   * Has CUDA see one device, and nd4j start on it.
   *
   * @param address as {@code nvidia-smi} counts them
   */
  static void useAlone(String address) {
    NativeEnvironment.set("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    NativeEnvironment.set("CUDA_VISIBLE_DEVICES", address);
    try {
      // By itself nd4j would try the CPU next, and complain about that.
      Nd4jBackend cuda =
          Class.forName(CUDA).asSubclass(Nd4jBackend.class).getDeclaredConstructor().newInstance();
      if (!cuda.isAvailable()) {
        throw new IllegalStateException("CUDA is not available");
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      throw new IllegalStateException("nd4j does not start on it (%s)".formatted(root(e)), e);
    }
    int devices = Nd4j.getAffinityManager().getNumberOfDevices();
    if (devices != 1) {
      throw new IllegalStateException("nd4j sees %d devices".formatted(devices));
    }
  }

  private static Throwable root(Throwable thrown) {
    return thrown.getCause() == null ? thrown : root(thrown.getCause());
  }
}
