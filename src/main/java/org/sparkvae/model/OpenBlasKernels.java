package org.sparkvae.model;

import com.sun.jna.NativeLibrary;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
public final class OpenBlasKernels {
  private static final Logger LOG = LoggerFactory.getLogger(OpenBlasKernels.class);
  private static final String VARIABLE = "OPENBLAS_CORETYPE";

  private static final int INTEL_FAMILY = 6;
  private static final int FIRST_MISTAKEN_INTEL_MODEL = 0xB0;
  private static final int FIRST_MISTAKEN_AMD_FAMILY = 0x1A;

  /** C's environment is not to be changed under threads that may be reading it. */
  private static final AtomicBoolean CHOSEN = new AtomicBoolean();

  private OpenBlasKernels() {}

  /**
   * Makes the choice, once in a process, unless the user has made it with the environment variable.
   */
  static void choose() {
    if (System.getenv(VARIABLE) == null && CHOSEN.compareAndSet(false, true)) {
      choice(CpuInfo.ofThisMachine()).ifPresent(OpenBlasKernels::set);
    }
  }

  private static void set(String kernels) {
    try {
      NativeEnvironment.set(VARIABLE, kernels);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("training is slow unless {} is set to {} in the environment", VARIABLE, kernels, e);
    }
  }

  /** What OpenBLAS has to be told, as it calls its kernels; empty where it knows better. */
  static Optional<String> choice(CpuInfo processor) {
    if (!processor.hasAvx2()) {
      return Optional.empty();
    }
    if (isMistakenIntel(processor)) {
      return Optional.of(processor.hasAvx512() ? "SkylakeX" : "Haswell");
    }
    return isMistakenAmd(processor) ? Optional.of("Zen") : Optional.empty();
  }

  private static boolean isMistakenIntel(CpuInfo processor) {
    return processor.vendor().equals("GenuineIntel")
        && processor.family() == INTEL_FAMILY
        && processor.model() >= FIRST_MISTAKEN_INTEL_MODEL;
  }

  private static boolean isMistakenAmd(CpuInfo processor) {
    return processor.vendor().equals("AuthenticAMD")
        && processor.family() >= FIRST_MISTAKEN_AMD_FAMILY;
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
