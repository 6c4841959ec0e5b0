package org.sparkvae.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Picks what nd4j computes on in this process: a GPU, if the build can and the process may, or the
 * build of nd4j-native that suits this processor. JavaCPP reads the choice from a system property
 * when it loads the first native library, so it has to be made before that, in every JVM.
 */
public final class NativeBackend {
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private static volatile boolean keepsToCpu;

  private NativeBackend() {}

  /** Makes the choice, unless the user has made it with the system property. */
  public static void choose() {
    if (System.getProperty(EXTENSION) == null) {
      System.setProperty(EXTENSION, computesOnGpu() ? "-cudnn" : suited());
    }
  }

  /**
   * The same for the driver of a cluster, whose executors have the GPUs. What nd4j has started on
   * before stays.
   */
  public static void chooseCpu() {
    keepsToCpu = true;
    choose();
  }

  /** Whether nd4j computes on a GPU in this process, or fails if there is none. */
  public static boolean computesOnGpu() {
    return hasCuda() && !keepsToCpu;
  }

  /** The choice, as JavaCPP's platform extension, such as {@code -onednn-avx512}. */
  public static String chosen() {
    return System.getProperty(EXTENSION, "");
  }

  /** The build for a CPU that suits this processor, such as {@code -onednn-avx512}. */
  public static String suited() {
    return variant(processorFlags());
  }

  static String variant(Set<String> processorFlags) {
    if (processorFlags.containsAll(
        Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"))) {
      return "-onednn-avx512";
    }
    if (processorFlags.containsAll(Set.of("avx2", "fma"))) {
      return "-onednn-avx2";
    }
    // Other platforms have one build each, under the platform's own name.
    return processorFlags.isEmpty() ? "" : "-onednn";
  }

  private static Set<String> processorFlags() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      return Set.of();
    }
    try (Stream<String> lines = Files.lines(CPU_INFO, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+")))
          .orElse(Set.of());
    } catch (IOException notLinux) {
      return Set.of();
    }
  }

  /** Whether this build can compute on a GPU. */
  public static boolean hasCuda() {
    return NativeBackend.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
  }
}
