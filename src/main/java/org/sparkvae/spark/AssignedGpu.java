package org.sparkvae.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.gpu.HostGpus;
import org.sparkvae.model.CudaEnvironment;

/**
 * The GPU that Spark assigned to an executor. {@code submit/gpu-discovery.sh} finds the GPUs of
 * each host.
 */
final class AssignedGpu {
  private static final Logger LOG = LoggerFactory.getLogger(AssignedGpu.class);
  private static final String RESOURCE = "gpu";

  private AssignedGpu() {}

  /**
   * Binds nd4j to the executor's GPU.
   *
   * @param executor the executor's id
   * @param resources the resources that Spark assigned
   * @param isCudaBuild whether nd4j computes on a GPU in this build
   * @param selector selects a GPU by its address
   * @param host queries the GPUs of this host, to find the reason for a failure
   * @throws IllegalStateException if this is a CUDA build and the executor does not have exactly
   *     one usable GPU; the message says why
   */
  static void bind(
      String executor,
      Map<String, ResourceInformation> resources,
      boolean isCudaBuild,
      Consumer<String> selector,
      Supplier<HostGpus> host) {
    List<String> addresses =
        Optional.ofNullable(resources.get(RESOURCE))
            .map(gpu -> List.of(gpu.addresses()))
            .orElse(List.of());
    if (!isCudaBuild) {
      addresses.forEach(
          address ->
              LOG.warn(
                  "executor {}: GPU {} is assigned but not used, because this build computes on the CPU.",
                  executor,
                  address));
      return;
    }
    if (addresses.size() != 1) {
      throw new IllegalStateException(
          "executor %s has %d GPUs and needs one. Set spark.executor.resource.gpu.amount=1 and spark.task.resource.gpu.amount=0.01."
              .formatted(executor, addresses.size()));
    }
    try {
      selector.accept(addresses.get(0));
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "executor %s cannot use GPU '%s': %s"
              .formatted(
                  executor,
                  addresses.get(0),
                  host.get()
                      .problem(addresses)
                      .map(problem -> problem.fault() + ". " + problem.advice())
                      .orElse(CudaEnvironment.reason(e) + ". See docs/guide/gpu.md.")),
          e);
    }
    LOG.info("executor {}: GPU {}", executor, addresses.get(0));
  }

  /**
   * Hides all other devices from CUDA and starts nd4j on one GPU.
   *
   * @param address the index of the GPU in the order of {@code nvidia-smi}
   * @throws IllegalStateException if nd4j cannot start on the GPU
   */
  static void useOnly(String address) {
    CudaEnvironment.setDevice(address);
    CudaEnvironment.requireDevice();
    int devices = Nd4j.getAffinityManager().getNumberOfDevices();
    if (devices != 1) {
      throw new IllegalStateException("nd4j sees %d devices instead of one".formatted(devices));
    }
  }
}
