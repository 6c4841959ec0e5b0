package org.sparkvae.config;

import java.util.Locale;

/** The number format of the factors in the matrix products of the decoder's blocks. */
public enum Precision {
  /** Single precision, as everywhere else. */
  FLOAT32,
  /** Eight significant bits. Sums have single precision. */
  BFLOAT16;

  /** The description in the help. */
  static final String DESCRIPTION =
      "Number format of the factors in the decoder's matrix products: float32, or bfloat16, which is"
          + " faster on processors with AVX512-BF16 or AMX.";

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
