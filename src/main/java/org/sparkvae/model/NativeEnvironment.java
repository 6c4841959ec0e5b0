package org.sparkvae.model;

import com.sun.jna.NativeLibrary;

/**
 * C's environment, which native libraries read; Java's own is a copy from when the process began.
 */
public final class NativeEnvironment {
  private NativeEnvironment() {}

  /**
   * Sets a variable for native libraries that are loaded from now on.
   *
   * @throws IllegalStateException if it cannot be set
   */
  public static void set(String name, String value) {
    int failed =
        NativeLibrary.getInstance("c")
            .getFunction("setenv")
            .invokeInt(new Object[] {name, value, 1});
    if (failed != 0) {
      throw new IllegalStateException("%s cannot be set".formatted(name));
    }
  }
}
