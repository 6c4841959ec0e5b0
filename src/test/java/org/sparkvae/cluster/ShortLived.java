package org.sparkvae.cluster;

/**
 * What the many processes of the tests are told that end within a minute or two: the JVM's second
 * compiler does not pay for itself by then. The complete build runs them as users do.
 */
public final class ShortLived {
  /** Options of such a JVM. */
  public static final String JVM_OPTIONS =
      Boolean.getBoolean("complete") ? "" : "-XX:TieredStopAtLevel=1";

  private ShortLived() {}
}
