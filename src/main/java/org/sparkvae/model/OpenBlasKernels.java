package org.sparkvae.model;

import com.sun.jna.NativeLibrary;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels that OpenBLAS uses for matrix products. OpenBLAS 0.3.19, which nd4j includes, selects
 * kernels by model number and misdetects some newer processors. It detects Intel's Raptor Lake and
 * Emerald Rapids as a Prescott of 2004 (fixed in 0.3.25), and AMD's Zen 5 as a Barcelona. For these
 * processors this class selects the kernels. Every JVM must do so before it loads OpenBLAS.
 */
public final class OpenBlasKernels {
  private static final Logger LOG = LoggerFactory.getLogger(OpenBlasKernels.class);
  private static final String VARIABLE = "OPENBLAS_CORETYPE";

  private static final int INTEL_FAMILY = 6;
  private static final int FIRST_MISDETECTED_INTEL_MODEL = 0xB0;
  private static final int FIRST_MISDETECTED_AMD_FAMILY = 0x1A;

  /** Prevents a second change to the C environment, which other threads can be reading by then. */
  private static final AtomicBoolean SELECTED = new AtomicBoolean();

  private OpenBlasKernels() {}

  /** Selects the kernels once per process, unless the user has set the environment variable. */
  static void select() {
    if (System.getenv(VARIABLE) == null && SELECTED.compareAndSet(false, true)) {
      kernelsFor(CpuInfo.ofThisMachine()).ifPresent(OpenBlasKernels::set);
    }
  }

  private static void set(String kernels) {
    try {
      NativeEnvironment.set(VARIABLE, kernels);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn(
          "{} cannot be set in this process, so training is slow. Set {}={} in the environment.",
          VARIABLE,
          VARIABLE,
          kernels,
          e);
    }
  }

  /**
   * Returns OpenBLAS's name of the kernels for a processor that it misdetects; empty for all other
   * processors.
   */
  static Optional<String> kernelsFor(CpuInfo processor) {
    if (!processor.hasAvx2()) {
      return Optional.empty();
    }
    if (isMisdetectedIntel(processor)) {
      return Optional.of(processor.hasAvx512() ? "SkylakeX" : "Haswell");
    }
    return isMisdetectedAmd(processor) ? Optional.of("Zen") : Optional.empty();
  }

  private static boolean isMisdetectedIntel(CpuInfo processor) {
    return processor.vendor().equals("GenuineIntel")
        && processor.family() == INTEL_FAMILY
        && processor.model() >= FIRST_MISDETECTED_INTEL_MODEL;
  }

  private static boolean isMisdetectedAmd(CpuInfo processor) {
    return processor.vendor().equals("AuthenticAMD")
        && processor.family() >= FIRST_MISDETECTED_AMD_FAMILY;
  }

  /**
   * Returns the kernels of this process, such as {@code SkylakeX}; empty if OpenBLAS does not
   * report them. Loads OpenBLAS if necessary.
   */
  public static Optional<String> loaded() {
    try {
      return Optional.of(
          NativeLibrary.getInstance(Loader.load(openblas.class))
              .getFunction("openblas_get_corename")
              .invokeString(new Object[0], false));
    } catch (RuntimeException | LinkageError unavailable) {
      return Optional.empty();
    }
  }
}
