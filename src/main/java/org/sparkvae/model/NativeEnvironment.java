package org.sparkvae.model;

import com.sun.jna.NativeLibrary;

/**
 * The C environment of the process, which native libraries read. Java's environment is a copy from
 * the start of the process.
 */
public final class NativeEnvironment {
  private NativeEnvironment() {}

  /** Returns the value of a variable, or null if it is not set. */
  static String get(String name) {
    return NativeLibrary.getInstance("c")
        .getFunction("getenv")
        .invokeString(new Object[] {name}, false);
  }

  /**
   * Sets a variable for native libraries that are loaded later.
   *
   * @throws IllegalStateException if the variable cannot be set
   */
  public static void set(String name, String value) {
    int status =
        NativeLibrary.getInstance("c")
            .getFunction("setenv")
            .invokeInt(new Object[] {name, value, 1});
    if (status != 0) {
      throw new IllegalStateException(
          "Environment variable %s: setenv returned %d.".formatted(name, status));
    }
  }
}
