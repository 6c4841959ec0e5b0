package org.sparkvae.model;

import java.util.Optional;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.sparkvae.config.Precision;
import org.sparkvae.model.cpu.OneDnn;

/**
 * The selection of nd4j's native library for this process. It is CUDA if the build includes CUDA
 * and the process is not restricted to the CPU. Otherwise it is the variant of nd4j-native that is
 * fastest on this processor.
 *
 * <p>JavaCPP reads the selection from a system property when it loads the first native library.
 * Every JVM must therefore make the selection before it uses nd4j.
 */
public final class NativeBackend {
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  /** The system property that turns cuDNN on, for those who want to try it. */
  private static final String CUDA_HELPERS = "sparkvae.cuda.helpers";

  private static volatile boolean cpuOnly;

  private NativeBackend() {}

  /**
   * Selects the native library, unless the user has set the system property, and OpenBLAS's
   * kernels. Sets the variables that CUDA reads when it is loaded.
   */
  public static void select() {
    if (computesOnGpu()) {
      CudaEnvironment.set(Boolean.getBoolean(CUDA_HELPERS));
    }
    if (System.getProperty(EXTENSION) == null) {
      System.setProperty(EXTENSION, computesOnGpu() ? "-cudnn" : bestCpuExtension());
    }
    OpenBlasKernels.select();
  }

  /**
   * Selects a CPU library. The driver of a cluster whose executors have the GPUs calls this method.
   * It has no effect after nd4j has loaded a library.
   */
  public static void selectCpu() {
    cpuOnly = true;
    select();
  }

  /**
   * Returns whether nd4j computes on a GPU in this process. If it does and the machine has no GPU,
   * nd4j fails to start.
   */
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
    return processor.hasAvx2() ? "-onednn-avx2" : "-onednn";
  }

  /**
   * Returns the instruction set that the CPU layers use in oneDNN, such as {@code
   * avx512_core_bf16}. It is empty in a build with CUDA, which does not use these layers.
   */
  public static Optional<String> oneDnnInstructionSet() {
    return hasCuda() ? Optional.empty() : Optional.of(OneDnn.instructionSet());
  }

  /**
   * Returns the native library of this process in words, or its GPU, such as {@code
   * nd4j-native-onednn-avx512, OpenBLAS for SkylakeX, oneDNN for avx512_core} or {@code nd4j-cuda,
   * NVIDIA A100-SXM4-40GB}. Loads the library.
   */
  public static String description() {
    NativeOps operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
    if (computesOnGpu()) {
      return "nd4j-cuda, " + operations.getDeviceName(0);
    }
    return "nd4j-native"
        + selectedExtension()
        + OpenBlasKernels.loaded().map(", OpenBLAS for "::concat).orElse("")
        + oneDnnInstructionSet().map(", oneDNN for "::concat).orElse("");
  }

  /**
   * Returns the precision in which this process computes the products of a model with the given
   * precision. It is single precision in a build with CUDA and on processors without instructions
   * for bfloat16.
   */
  public static Precision supported(Precision precision) {
    return hasCuda() ? Precision.FLOAT32 : OneDnn.supported(precision);
  }

  /** Returns whether this build includes CUDA. */
  public static boolean hasCuda() {
    return NativeBackend.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
  }
}
