package org.sparkvae.gpu;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.sparkvae.exception.ErrorText;

/**
 * The GPUs of a host.
 *
 * @param smiOutput the output of {@code nvidia-smi}; empty if it is not installed
 * @param driverCapabilities the parts of the driver in this container; empty if they are the
 *     default, or outside containers
 */
public record HostGpus(String smiOutput, String driverCapabilities) implements Serializable {
  private static final String CAPABILITIES = "NVIDIA_DRIVER_CAPABILITIES";

  private static final long SMI_TIMEOUT_SECONDS = 10;

  /**
   * A reason why CUDA cannot use a GPU.
   *
   * @param advice what to change
   */
  public record Problem(String fault, String advice) {}

  /** Queries the GPUs of this host, which takes up to 20 s if the driver does not respond. */
  public static HostGpus ofThisHost() {
    return new HostGpus(
        query(HostGpus::runNvidiaSmi), Objects.requireNonNullElse(System.getenv(CAPABILITIES), ""));
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

  /** Returns the GPUs that {@code nvidia-smi} lists. */
  public List<GpuInfo> visible() {
    return GpuInfo.parse(smiOutput);
  }

  /**
   * Returns why CUDA cannot use GPUs of this host, or empty if no reason is known.
   *
   * @param addresses the GPUs, as indices or UUIDs; empty for all
   */
  public Optional<Problem> problem(List<String> addresses) {
    if (!driverCapabilities.isEmpty() && !driverCapabilities.matches(".*\\b(all|compute)\\b.*")) {
      return Optional.of(
          new Problem(
              "%s is %s, so this container has no CUDA driver"
                  .formatted(CAPABILITIES, driverCapabilities),
              "Start the container with %s=compute,utility.".formatted(CAPABILITIES)));
    }
    List<GpuInfo> visible = visible();
    if (visible.isEmpty()) {
      return Optional.of(
          new Problem(
              "visible: none"
                  + (smiOutput.isEmpty() ? "" : " (" + ErrorText.firstLine(smiOutput) + ")"),
              "Install the GPU driver, or build without -Pgpu. A container needs NVIDIA's runtime and %s=compute,utility."
                  .formatted(CAPABILITIES)));
    }
    // nvidia-smi is queried without UUIDs, so a UUID cannot be verified.
    if (!addresses.stream()
        .allMatch(
            address -> !isIndex(address) || visible.stream().anyMatch(gpu -> isAt(gpu, address)))) {
      return Optional.of(
          new Problem(
              "visible: " + describe(visible),
              "Correct the GPU discovery script, or CUDA_VISIBLE_DEVICES in local mode. It lists GPUs that this host does not have."));
    }
    List<GpuInfo> used =
        visible.stream()
            .filter(
                gpu ->
                    addresses.isEmpty()
                        || addresses.stream()
                            .anyMatch(address -> !isIndex(address) || isAt(gpu, address)))
            .toList();
    if (used.stream().anyMatch(GpuInfo::hasOldDriver)) {
      return Optional.of(
          new Problem(
              "the driver's version is %s, but CUDA 11.6 needs %s or newer"
                  .formatted(used.get(0).driver(), GpuInfo.OLDEST_DRIVER),
              "Install a newer NVIDIA driver on this host."));
    }
    List<GpuInfo> unsupported = used.stream().filter(gpu -> !gpu.isSupported()).toList();
    return unsupported.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                describe(unsupported) + ": nd4j-cuda-11.6 has no code for this compute capability",
                "Use GPUs with compute capability 3.7 to 8.9 (up to Ampere and Ada), or the CPU build without assigned GPUs."));
  }

  /** Returns whether an address is an index; otherwise it is the UUID of a GPU or a MIG slice. */
  private static boolean isIndex(String address) {
    return address.matches("\\d+");
  }

  private static boolean isAt(GpuInfo gpu, String index) {
    return gpu.index() == Integer.parseInt(index);
  }

  /** Returns a list of GPUs in words. */
  public static String describe(List<GpuInfo> gpus) {
    return gpus.stream().map(GpuInfo::toString).collect(Collectors.joining(", "));
  }
}
