package org.sparkvae.model;

/**
 * The native library that nd4j uses in this process: CUDA, if the build includes it and the process
 * is not restricted to the CPU, or the build of nd4j-native for this processor. JavaCPP reads the
 * selection from a system property when it loads the first native library. Every JVM must therefore
 * make the selection before it uses nd4j.
 */
public final class NativeBackend {
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private static volatile boolean cpuOnly;

  private NativeBackend() {}

  /**
   * Selects the native library, unless the user has set the system property, and OpenBLAS's
   * kernels.
   */
  public static void choose() {
    if (System.getProperty(EXTENSION) == null) {
      System.setProperty(EXTENSION, computesOnGpu() ? "-cudnn" : bestCpuExtension());
    }
    OpenBlasKernels.choose();
  }

  /**
   * Selects a CPU library. The driver of a cluster whose executors have the GPUs calls this method.
   * It has no effect after nd4j has loaded a library.
   */
  public static void chooseCpu() {
    cpuOnly = true;
    choose();
  }

  /** Returns whether nd4j computes on a GPU in this process. Without a GPU, nd4j then fails. */
  public static boolean computesOnGpu() {
    return hasCuda() && !cpuOnly;
  }

  /** Returns the selected JavaCPP platform extension, such as {@code -onednn-avx512}. */
  public static String selectedExtension() {
    return System.getProperty(EXTENSION, "");
  }

  /** Returns the fastest CPU extension for this processor, such as {@code -onednn-avx512}. */
  public static String bestCpuExtension() {
    return cpuExtension(CpuInfo.ofThisMachine());
  }

  static String cpuExtension(CpuInfo processor) {
    if (processor.hasAvx512()) {
      return "-onednn-avx512";
    }
    if (processor.hasAvx2()) {
      return "-onednn-avx2";
    }
    // Other platforms have one build each, without an extension.
    return processor.flags().isEmpty() ? "" : "-onednn";
  }

  /** Returns whether this build includes CUDA. */
  public static boolean hasCuda() {
    return NativeBackend.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
  }
}
