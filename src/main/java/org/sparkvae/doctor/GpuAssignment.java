package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.model.CudaEnvironment;
import org.sparkvae.model.NativeBackend;

/**
 * The GPUs that Spark assigned to a process, and those on its host.
 *
 * @param isCudaBuild whether nd4j computes on a GPU in this process
 * @param assigned the GPU addresses that Spark assigned to the task, or the card that a local job
 *     uses: indices or UUIDs
 * @param smiOutput the output of {@code nvidia-smi}; empty if it is not installed
 * @param driverCapabilities the parts of the driver in this container; empty if they are the
 *     default, or outside containers
 */
record GpuAssignment(
    boolean isCudaBuild, List<String> assigned, String smiOutput, String driverCapabilities)
    implements Serializable {
  private static final String CAPABILITIES = "NVIDIA_DRIVER_CAPABILITIES";

  private static final long SMI_TIMEOUT_SECONDS = 10;

  static GpuAssignment ofThisProcess() {
    TaskContext task = TaskContext.get();
    boolean hasGpus = task != null && task.resourcesJMap().containsKey("gpu");
    List<String> local =
        NativeBackend.computesOnGpu() ? List.of(CudaEnvironment.device()) : List.of();
    List<String> assigned = hasGpus ? List.of(task.resourcesJMap().get("gpu").addresses()) : local;
    return new GpuAssignment(
        NativeBackend.computesOnGpu(),
        assigned,
        query(GpuAssignment::runNvidiaSmi),
        Objects.requireNonNullElse(System.getenv(CAPABILITIES), ""));
  }

  /**
   * Queries the GPUs. The nvidia-smi of driver 470 and older does not know their capability.
   *
   * @param smi runs nvidia-smi for the fields and returns its output
   */
  static String query(UnaryOperator<String> smi) {
    String output = smi.apply("index,name,driver_version,compute_cap");
    return output.contains("compute_cap") ? smi.apply("index,name,driver_version") : output;
  }

  private static String runNvidiaSmi(String fields) {
    try {
      Path output = Files.createTempFile("nvidia-smi", ".csv");
      try {
        Process process =
            new ProcessBuilder("nvidia-smi", "--query-gpu=" + fields, "--format=csv,noheader")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(SMI_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return "nvidia-smi did not respond within " + SMI_TIMEOUT_SECONDS + " s";
        }
        return Files.readString(output, StandardCharsets.UTF_8).strip();
      } finally {
        Files.delete(output);
      }
    } catch (IOException notInstalled) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  static Finding check(String process, GpuAssignment gpus) {
    Check check = new Check(process, "GPU");
    List<GpuInfo> visible = GpuInfo.parse(gpus.smiOutput);
    if (!gpus.isCudaBuild && gpus.assigned.isEmpty()) {
      return check.ok(visible.isEmpty() ? "none, none needed" : describe(visible) + ", not used");
    }
    if (gpus.isCudaBuild
        && !gpus.driverCapabilities.isEmpty()
        && !gpus.driverCapabilities.matches(".*\\b(all|compute)\\b.*")) {
      return check.wrongSetting(
          "%s is %s, so this container has no CUDA driver"
              .formatted(CAPABILITIES, gpus.driverCapabilities),
          "Start the container with %s=compute,utility.".formatted(CAPABILITIES));
    }
    if (visible.isEmpty()) {
      return check.wrongSetting(
          "%svisible: none%s"
              .formatted(
                  assignedPrefix(gpus),
                  gpus.smiOutput.isEmpty() ? "" : " (" + ErrorText.firstLine(gpus.smiOutput) + ")"),
          gpus.isCudaBuild
              ? "Install the GPU driver, or build without -Pgpu. A container needs NVIDIA's runtime and"
                  + " %s=compute,utility.".formatted(CAPABILITIES)
              : "Correct the GPU discovery script, or remove spark.executor.resource.gpu.amount.");
    }
    boolean allVisible = gpus.assigned.stream().allMatch(address -> isVisible(visible, address));
    if (!allVisible) {
      return check.wrongSetting(
          assignedPrefix(gpus) + "visible: " + describe(visible),
          "Correct the GPU discovery script, or CUDA_VISIBLE_DEVICES in local mode. It lists GPUs that this host does not have.");
    }
    List<GpuInfo> used =
        visible.stream().filter(gpu -> gpus.assigned.isEmpty() || isAssigned(gpus, gpu)).toList();
    if (used.stream().anyMatch(GpuInfo::hasOldDriver)) {
      return check.wrongSetting(
          "the driver's version is %s, but CUDA 11.6 needs %s or newer"
              .formatted(used.get(0).driver(), GpuInfo.OLDEST_DRIVER),
          "Install a newer NVIDIA driver on this host.");
    }
    List<GpuInfo> unsupported = used.stream().filter(gpu -> !gpu.isSupported()).toList();
    if (!unsupported.isEmpty()) {
      return check.wrongSetting(
          describe(unsupported) + ": nd4j-cuda-11.6 has no code for this compute capability",
          "Use GPUs with compute capability 3.7 to 8.9 (up to Ampere and Ada), or the CPU build"
              + " without assigned GPUs.");
    }
    return gpus.isCudaBuild
        ? check.ok(assignedPrefix(gpus) + "visible: " + describe(visible))
        : check.warning(
            assignedPrefix(gpus) + "this build computes on the CPU",
            "Build with mvn -Pgpu package, or assign no GPU.");
  }

  /** Returns whether an address is an index; otherwise it is the UUID of a GPU or a MIG slice. */
  private static boolean isIndex(String address) {
    return address.matches("\\d+");
  }

  private static boolean isVisible(List<GpuInfo> visible, String address) {
    // nvidia-smi is queried without UUIDs, so an assigned UUID cannot be verified.
    return !isIndex(address)
        || visible.stream().anyMatch(gpu -> gpu.index() == Integer.parseInt(address));
  }

  private static boolean isAssigned(GpuAssignment gpus, GpuInfo gpu) {
    return gpus.assigned.stream()
        .anyMatch(address -> !isIndex(address) || Integer.parseInt(address) == gpu.index());
  }

  private static String assignedPrefix(GpuAssignment gpus) {
    return gpus.assigned.isEmpty() ? "" : "assigned: " + String.join(", ", gpus.assigned) + "; ";
  }

  private static String describe(List<GpuInfo> gpus) {
    return gpus.stream().map(GpuInfo::toString).collect(Collectors.joining(", "));
  }
}
