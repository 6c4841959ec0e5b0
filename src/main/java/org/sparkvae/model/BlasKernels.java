package org.sparkvae.model;

import com.sun.jna.NativeLibrary;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of its kernels OpenBLAS multiplies matrices with. The version that nd4j brings, 0.3.19,
 * goes by model numbers, and takes some processors that are younger than itself for a Prescott of
 * 2004: Intel's Raptor Lake and Emerald Rapids among them (mended in 0.3.25), or for a Barcelona:
 * AMD's Zen 5. There it is told what to take, before it is loaded, in every JVM.
 */
public final class BlasKernels {
  private static final Logger LOG = LoggerFactory.getLogger(BlasKernels.class);
  private static final String VARIABLE = "OPENBLAS_CORETYPE";

  private static final int INTEL_FAMILY = 6;
  private static final int FIRST_MISTAKEN_INTEL_MODEL = 0xB0;
  private static final int FIRST_MISTAKEN_AMD_FAMILY = 0x1A;

  private BlasKernels() {}

  /** Makes the choice, unless the user has made it with the environment variable. */
  static void choose() {
    if (System.getenv(VARIABLE) == null) {
      choice(Processor.ofThisMachine()).ifPresent(BlasKernels::set);
    }
  }

  private static void set(String kernels) {
    try {
      CEnvironment.set(VARIABLE, kernels);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("training is slow unless {} is set to {} in the environment", VARIABLE, kernels, e);
    }
  }

  /** What OpenBLAS has to be told, as it calls its kernels; empty where it knows better. */
  static Optional<String> choice(Processor processor) {
    if (!processor.hasAvx2()) {
      return Optional.empty();
    }
    return switch (processor.vendor()) {
      case "GenuineIntel" ->
          Optional.of(processor.hasAvx512() ? "SkylakeX" : "Haswell")
              .filter(
                  kernels ->
                      processor.family() == INTEL_FAMILY
                          && processor.model() >= FIRST_MISTAKEN_INTEL_MODEL);
      case "AuthenticAMD" ->
          Optional.of("Zen").filter(kernels -> processor.family() >= FIRST_MISTAKEN_AMD_FAMILY);
      default -> Optional.empty();
    };
  }

  /**
   * The kernels that this process has, such as {@code SkylakeX}; empty where OpenBLAS does not say.
   * Loads it if need be.
   */
  public static Optional<String> loaded() {
    try {
      return Optional.of(
          NativeLibrary.getInstance(Loader.load(openblas.class))
              .getFunction("openblas_get_corename")
              .invokeString(new Object[0], false));
    } catch (RuntimeException | LinkageError otherBlasOrPlatform) {
      return Optional.empty();
    }
  }
}
