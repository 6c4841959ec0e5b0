package org.sparkvae.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the library that a class comes from. */
public final class LibraryVersion {
  private static final Pattern NAME = Pattern.compile("-(\\d[^/]*)\\.jar$");

  private LibraryVersion() {}

  /** What the jar's manifest says, else the jar's name; its whole path where that has none. */
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
