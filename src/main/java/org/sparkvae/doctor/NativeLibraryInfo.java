package org.sparkvae.doctor;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Set;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.model.CudaEnvironment;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.OpenBlasKernels;

/**
 * The native libraries that a process loaded: the build of nd4j's library, the kernels that
 * OpenBLAS selected, and oneDNN.
 *
 * @param loaded the platform of the build, such as {@code linux-x86_64-onednn-avx512}
 * @param recommended the platform extension for this processor, such as {@code -onednn-avx512};
 *     empty if the process computes on a GPU
 * @param kernels the kernels of OpenBLAS, such as {@code SkylakeX}; empty if unknown
 * @param instructions the instruction set of oneDNN, such as {@code avx512_core}; empty in a build
 *     with CUDA
 * @param fault the error if a library cannot be loaded, otherwise empty
 */
record NativeLibraryInfo(
    String loaded, String recommended, String kernels, String instructions, String fault)
    implements Serializable {
  private static final Set<String> AVX2_KERNELS =
      Set.of("Haswell", "Excavator", "Zen", "SkylakeX", "Cooperlake");

  static NativeLibraryInfo ofThisProcess() {
    try {
      if (NativeBackend.computesOnGpu()) {
        CudaEnvironment.requireDevice();
      }
      Nd4j.getBackend();
      Nd4j.scalar(1f);
      String loaded =
          Loader.getLoadedLibraries().values().stream()
              .map(Path::of)
              .filter(
                  file -> file.getFileName().toString().matches("libjnind4j\\w+\\..*|jnind4j.*"))
              .map(file -> file.getParent().getFileName().toString())
              .findFirst()
              .orElse(Loader.getPlatform());
      return new NativeLibraryInfo(
          loaded,
          recommendedExtension(NativeBackend.computesOnGpu()),
          OpenBlasKernels.loaded().orElse(""),
          NativeBackend.oneDnnInstructionSet().orElse(""),
          "");
    } catch (Exception | LinkageError e) {
      String fault = ErrorText.firstLine(ExceptionUtils.getRootCause(e).toString());
      return new NativeLibraryInfo(
          "", recommendedExtension(NativeBackend.computesOnGpu()), "", "", fault);
    }
  }

  /**
   * Returns no extension for a GPU process, because a CPU extension would keep CUDA from loading.
   */
  static String recommendedExtension(boolean computesOnGpu) {
    return computesOnGpu ? "" : NativeBackend.bestCpuExtension();
  }

  static Finding check(String process, NativeLibraryInfo library) {
    Check check = new Check(process, "nd4j native");
    if (library.fault.contains("GLIBC_")) {
      return check.wrongSetting(
          "cannot be loaded: " + library.fault,
          "Use a system with the named version of glibc or a newer one.");
    }
    if (!library.fault.isEmpty()) {
      return check.wrongSetting(
          "cannot be loaded: " + library.fault,
          "Use Linux on x86-64, and build without -Pgpu if there is no GPU. If the library's directory"
              + " is mounted with noexec, choose another one: %s."
                  .formatted(check.directoryOption("org.bytedeco.javacpp.cachedir")));
    }
    if (library.recommended.contains("avx") && !library.loaded.contains("avx")) {
      return check.warning(
          library.loaded + " is slower than necessary on this processor",
          "Remove -Dorg.bytedeco.javacpp.platform.extension, or set it to %s."
              .formatted(library.recommended));
    }
    if (library.recommended.contains("avx")
        && !library.kernels.isEmpty()
        && !AVX2_KERNELS.contains(library.kernels)) {
      return check.warning(
          "OpenBLAS treats the processor as %s, whose kernels are slow".formatted(library.kernels),
          "Set OPENBLAS_CORETYPE to Haswell, Zen or SkylakeX, on executors with"
              + " --conf spark.executorEnv.OPENBLAS_CORETYPE=….");
    }
    return check.ok(
        library.loaded
            + (library.kernels.isEmpty() ? "" : ", OpenBLAS for " + library.kernels)
            + (library.instructions.isEmpty() ? "" : ", oneDNN for " + library.instructions));
  }
}
