package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.SystemUtil;

/**
 * The options that {@code conf/jvm-options} gives every JVM of this job.
 *
 * @param closed packages that should be open to the class path and are not
 * @param unblockTimeout Aeron's own text for a duration, empty for its default of 15 s
 * @param threadingMode empty for Aeron's default
 * @param deleteOnShutdown empty for Aeron's default
 */
record JvmFlags(
    List<String> closed, String unblockTimeout, String threadingMode, String deleteOnShutdown)
    implements Serializable {
  /** Module and package, as {@code --add-opens} takes them. */
  static final List<String> OPEN =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar",
          "java.security.jgss/sun.security.krb5");

  private static final String UNBLOCK_TIMEOUT = "aeron.publication.unblock.timeout";
  private static final String THREADING_MODE = "aeron.threading.mode";
  private static final String DELETE_ON_SHUTDOWN = "aeron.dir.delete.on.shutdown";

  /** What Deeplearning4j gives Aeron's clients to show life. */
  private static final long CLIENT_LIVENESS_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final String CURE =
      "start through submit/sparkvae, or give the JVM all of conf/jvm-options (driver:"
          + " --driver-java-options, executors: spark.executor.extraJavaOptions)";

  static JvmFlags ofThisProcess() {
    Module classPath = JvmFlags.class.getModule();
    return new JvmFlags(
        OPEN.stream().filter(each -> !isOpen(each, classPath)).toList(),
        System.getProperty(UNBLOCK_TIMEOUT, ""),
        System.getProperty(THREADING_MODE, ""),
        System.getProperty(DELETE_ON_SHUTDOWN, ""));
  }

  private static boolean isOpen(String moduleAndPackage, Module to) {
    String[] parts = moduleAndPackage.split("/", 2);
    return ModuleLayer.boot()
        .findModule(parts[0])
        .map(module -> module.isOpen(parts[1], to))
        .orElse(false);
  }

  static List<Finding> check(String where, JvmFlags flags) {
    return List.of(opens(where, flags), timeout(where, flags), aeron(where, flags));
  }

  static Finding opens(String where, JvmFlags flags) {
    return flags.closed.isEmpty()
        ? Finding.ok(where, "--add-opens", "all " + OPEN.size() + " packages are open")
        : Finding.wrongSetting(
            where, "--add-opens", "not open: " + String.join(", ", flags.closed), CURE);
  }

  static Finding timeout(String where, JvmFlags flags) {
    String check = "Aeron timeout";
    long nanos;
    try {
      nanos =
          flags.unblockTimeout.isEmpty()
              ? TimeUnit.SECONDS.toNanos(15)
              : SystemUtil.parseDuration(UNBLOCK_TIMEOUT, flags.unblockTimeout);
    } catch (NumberFormatException e) {
      return Finding.wrongSetting(
          where,
          check,
          "%s=%s is no duration".formatted(UNBLOCK_TIMEOUT, flags.unblockTimeout),
          CURE);
    }
    String what =
        "%s is %d s%s"
            .formatted(
                UNBLOCK_TIMEOUT,
                TimeUnit.NANOSECONDS.toSeconds(nanos),
                flags.unblockTimeout.isEmpty() ? " by default" : "");
    return nanos > CLIENT_LIVENESS_NANOS
        ? Finding.ok(where, check, what)
        : Finding.wrongSetting(
            where, check, what + "; Aeron does not start unless it is over 30 s", CURE);
  }

  static Finding aeron(String where, JvmFlags flags) {
    String check = "Aeron settings";
    boolean shared = flags.threadingMode.equals("SHARED");
    boolean deletes = Objects.equals(flags.deleteOnShutdown, "true");
    if (shared && deletes) {
      return Finding.ok(where, check, "one thread, buffers deleted at the end");
    }
    String threads = shared ? "" : THREADING_MODE + " is not SHARED, which costs cores";
    String buffers = deletes ? "" : DELETE_ON_SHUTDOWN + " is not true, so /dev/shm fills up";
    String both = threads.isEmpty() || buffers.isEmpty() ? "" : "; ";
    return Finding.warning(where, check, threads + both + buffers, CURE);
  }
}
