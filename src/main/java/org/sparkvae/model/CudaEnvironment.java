package org.sparkvae.model;

import java.util.Objects;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.nd4j.linalg.factory.Nd4jBackend;

/** The environment variables that CUDA and nd4j's CUDA library read when they are loaded. */
public final class CudaEnvironment {
  private static final String VISIBLE_DEVICES = "CUDA_VISIBLE_DEVICES";
  private static final String FIRST_DEVICE = "0";
  private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

  private CudaEnvironment() {}

  /**
   * Sets the variables of this process. One card stays visible: the first of those that were. This
   * method can be called again, also after {@link #setDevice}.
   *
   * @param withHelpers whether nd4j can use cuDNN
   */
  static void set(boolean withHelpers) {
    if (NativeEnvironment.get(VISIBLE_DEVICES) == null) {
      setDevice(FIRST_DEVICE);
    } else {
      NativeEnvironment.set(VISIBLE_DEVICES, device());
    }
    // TF32 has 10 bits of mantissa, and CUDA uses it for float32 by default.
    NativeEnvironment.set("NVIDIA_TF32_OVERRIDE", "0");
    if (!withHelpers) {
      // nd4j passes cuDNN's max-pool gradient the wrong array, and searches for a convolution
      // algorithm in each call.
      NativeEnvironment.set("SD_FORBID_HELPERS", "1");
    }
  }

  /** Returns the card that CUDA can use in this process, as its index or its UUID. */
  public static String device() {
    return StringUtils.substringBefore(
        Objects.requireNonNullElse(NativeEnvironment.get(VISIBLE_DEVICES), FIRST_DEVICE), ",");
  }

  /**
   * Requires that CUDA can be loaded and finds a card. If nd4j loaded CUDA itself and failed, it
   * would print the error and report a missing CPU library.
   *
   * @throws IllegalStateException if it cannot; the message says why
   */
  public static void requireDevice() {
    try {
      Class.forName(BACKEND)
          .asSubclass(Nd4jBackend.class)
          .getDeclaredConstructor()
          .newInstance()
          .canRun();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      throw new IllegalStateException(reason(e), e);
    }
  }

  /** Returns why nd4j does not start, in words. Errors of static initializers have no message. */
  public static String reason(Throwable thrown) {
    return thrown instanceof IllegalStateException
        ? thrown.getMessage()
        : "nd4j does not start on it (%s)".formatted(ExceptionUtils.getRootCause(thrown));
  }

  /**
   * Hides all cards but one. Otherwise nd4j would distribute its threads over all visible devices,
   * even if its own device setting names one.
   *
   * @param device the card's index in the order of {@code nvidia-smi}, or its UUID
   */
  public static void setDevice(String device) {
    NativeEnvironment.set("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    NativeEnvironment.set(VISIBLE_DEVICES, device);
  }
}
