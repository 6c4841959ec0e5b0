package org.sparkvae.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU in the output of {@code nvidia-smi}.
 *
 * @param driver version of the driver, such as {@code 535.104.05}
 * @param capability the compute capability, such as {@code 8.0}; empty if the driver does not
 *     report it
 */
public record GpuInfo(int index, String name, String driver, String capability) {
  /** The capabilities that nd4j-cuda-11.6 has code for, and 8.9, which runs the code for 8.6. */
  private static final Set<String> SUPPORTED =
      Set.of("3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6", "8.9");

  /** The oldest driver that runs CUDA 11.6, by CUDA's minor version compatibility. */
  static final String OLDEST_DRIVER = "450.80.02";

  private static final Pattern LINE =
      Pattern.compile("(\\d+), (.+?), (\\d+(?:\\.\\d+)+)(?:, (?:(\\d+\\.\\d+)|\\[.*\\]))?");

  /** Parses the output of nvidia-smi and ignores lines that do not describe a GPU. */
  static List<GpuInfo> parse(String output) {
    return output.lines().map(GpuInfo::parseLine).flatMap(Optional::stream).toList();
  }

  private static Optional<GpuInfo> parseLine(String line) {
    Matcher gpu = LINE.matcher(line.strip());
    return gpu.matches()
        ? Optional.of(
            new GpuInfo(
                Integer.parseInt(gpu.group(1)),
                gpu.group(2),
                gpu.group(3),
                Objects.requireNonNullElse(gpu.group(4), "")))
        : Optional.empty();
  }

  /** Returns whether nd4j has code for the GPU. An unknown GPU is left to nd4j to refuse. */
  boolean isSupported() {
    return capability.isEmpty() || SUPPORTED.contains(capability);
  }

  boolean hasOldDriver() {
    return Arrays.compare(numbers(driver), numbers(OLDEST_DRIVER)) < 0;
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }

  @Override
  public String toString() {
    return "%d: %s (%s)"
        .formatted(index, name, capability.isEmpty() ? "driver " + driver : capability);
  }
}
