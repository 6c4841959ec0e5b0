package org.sparkvae.model;

/**
 * Picks what nd4j computes on in this process: a GPU, if the build can and the process may, or the
 * build of nd4j-native that suits this processor. JavaCPP reads the choice from a system property
 * when it loads the first native library, so it has to be made before that, in every JVM.
 */
public final class NativeBackend {
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private static volatile boolean keepsToCpu;

  private NativeBackend() {}

  /** Makes the choice, unless the user has made it with the system property, and BLAS's. */
  public static void choose() {
    if (System.getProperty(EXTENSION) == null) {
      System.setProperty(EXTENSION, computesOnGpu() ? "-cudnn" : suited());
    }
    OpenBlasKernels.choose();
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
    return variant(CpuInfo.ofThisMachine());
  }

  static String variant(CpuInfo processor) {
    if (processor.hasAvx512()) {
      return "-onednn-avx512";
    }
    if (processor.hasAvx2()) {
      return "-onednn-avx2";
    }
    // Other platforms have one build each, under the platform's own name.
    return processor.flags().isEmpty() ? "" : "-onednn";
  }

  /** Whether this build can compute on a GPU. */
  public static boolean hasCuda() {
    return NativeBackend.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
  }
}
