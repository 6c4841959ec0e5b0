package org.sparkvae.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the library that a class comes from. */
public final class LibraryVersion {
  private static final Pattern NAME = Pattern.compile("-(\\d[^/]*)\\.jar$");

  private LibraryVersion() {}

  /**
   * Returns the version in the jar's manifest. If there is none, returns the version in the jar's
   * name, or else the path of the jar.
   */
  public static String of(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    if (version != null) {
      return version;
    }
    String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    Matcher name = NAME.matcher(jar);
    return name.find() ? name.group(1) : jar;
  }
}
