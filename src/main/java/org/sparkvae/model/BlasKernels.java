package org.sparkvae.model;

import com.sun.jna.NativeLibrary;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;

/**
 * Which of its kernels OpenBLAS multiplies matrices with. By itself the version that nd4j brings
 * goes by a processor's model number, and takes one that is younger than itself, such as an Emerald
 * Rapids, for a Prescott of 2004, which trains 2.5 times as slowly. So it is told what the
 * processor's flags say, before it is loaded, in every JVM.
 */
public final class BlasKernels {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";

  private BlasKernels() {}

  /** Makes the choice, unless the user has made it with the environment variable. */
  static void choose() {
    if (System.getenv(VARIABLE) == null) {
      suited(Processor.ofThisMachine()).ifPresent(kernels -> CEnvironment.set(VARIABLE, kernels));
    }
  }

  /** The kernels that suit this processor, if that is known, as OpenBLAS calls them. */
  public static Optional<String> suited() {
    return suited(Processor.ofThisMachine());
  }

  /** What OpenBLAS picks by itself for the processors that it knows. */
  static Optional<String> suited(Processor processor) {
    return switch (processor.vendor()) {
      case "GenuineIntel" ->
          processor.hasAvx512()
              ? Optional.of("SkylakeX")
              : Optional.of("Haswell").filter(kernels -> processor.hasAvx2());
      case "AuthenticAMD" -> Optional.of("Zen").filter(kernels -> processor.hasAvx2());
      default -> Optional.empty();
    };
  }

  /** The kernels that this process has, such as {@code SkylakeX}. Loads OpenBLAS if need be. */
  public static String loaded() {
    return NativeLibrary.getInstance(Loader.load(openblas.class))
        .getFunction("openblas_get_corename")
        .invokeString(new Object[0], false);
  }
}
