package org.sparkvae.doctor;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.OpenBlasKernels;

/**
 * The build of nd4j's native library that a process loaded, and how its OpenBLAS takes the
 * processor.
 *
 * @param loaded its platform, such as {@code linux-x86_64-onednn-avx512}
 * @param suited the extension that suits the processor, such as {@code -onednn-avx512}
 * @param kernels OpenBLAS's, such as {@code SkylakeX}; empty if it does not say
 * @param fault why nothing was loaded, else empty
 */
record NativeLibraryInfo(String loaded, String suited, String kernels, String fault)
    implements Serializable {
  private static final String CHECK = "nd4j native";

  private static final Set<String> VECTOR_KERNELS =
      Set.of("Haswell", "Excavator", "Zen", "SkylakeX", "Cooperlake");

  static NativeLibraryInfo ofThisProcess() {
    try {
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
          loaded, NativeBackend.suited(), OpenBlasKernels.loaded().orElse(""), "");
    } catch (Exception | LinkageError e) {
      return new NativeLibraryInfo("", NativeBackend.suited(), "", e.toString());
    }
  }

  static Finding check(String where, NativeLibraryInfo library) {
    if (!library.fault.isEmpty()) {
      return Finding.wrongSetting(
          where,
          CHECK,
          "cannot be loaded: " + library.fault,
          "build for this platform (mvn package there), or without -Pgpu where there is no GPU");
    }
    if (library.suited.contains("avx") && !library.loaded.contains("avx")) {
      return Finding.warning(
          where,
          CHECK,
          library.loaded + " on a processor that can do more",
          "leave -Dorg.bytedeco.javacpp.platform.extension out, or set it to " + library.suited);
    }
    if (library.suited.contains("avx")
        && !library.kernels.isEmpty()
        && !VECTOR_KERNELS.contains(library.kernels)) {
      return Finding.warning(
          where,
          CHECK,
          "OpenBLAS takes the processor for a " + library.kernels,
          "set OPENBLAS_CORETYPE, on executors with --conf spark.executorEnv.OPENBLAS_CORETYPE=…,"
              + " to Haswell, Zen or SkylakeX");
    }
    return Finding.ok(
        where,
        CHECK,
        library.loaded + (library.kernels.isEmpty() ? "" : ", OpenBLAS for " + library.kernels));
  }
}
