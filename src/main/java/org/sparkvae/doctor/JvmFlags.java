package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.SystemUtil;

/**
 * The options of {@code conf/jvm-options} as they are set in a process.
 *
 * @param closedPackages packages that must be open to the class path and are not
 * @param unblockTimeout a duration in Aeron's syntax; empty for Aeron's default of 15 s
 * @param threadingMode empty for Aeron's default
 * @param deleteOnShutdown empty for Aeron's default
 */
record JvmFlags(
    List<String> closedPackages,
    String unblockTimeout,
    String threadingMode,
    String deleteOnShutdown)
    implements Serializable {
  /** The packages that must be open, as {@code module/package} like in {@code --add-opens}. */
  static final List<String> OPEN_PACKAGES =
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

  /** The liveness timeout that Deeplearning4j sets for Aeron's clients. */
  private static final long CLIENT_LIVENESS_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final String FIX =
      "Start the job with submit/sparkvae, or set all options of conf/jvm-options (driver:"
          + " --driver-java-options, executors: spark.executor.extraJavaOptions).";

  static JvmFlags ofThisProcess() {
    Module classPath = JvmFlags.class.getModule();
    return new JvmFlags(
        OPEN_PACKAGES.stream().filter(name -> !isOpen(name, classPath)).toList(),
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

  static List<Finding> check(String process, JvmFlags flags) {
    return List.of(
        checkOpenPackages(process, flags),
        checkUnblockTimeout(process, flags),
        checkAeronSettings(process, flags));
  }

  static Finding checkOpenPackages(String process, JvmFlags flags) {
    return flags.closedPackages.isEmpty()
        ? Finding.ok(process, "--add-opens", "all " + OPEN_PACKAGES.size() + " packages are open")
        : Finding.wrongSetting(
            process, "--add-opens", "not open: " + String.join(", ", flags.closedPackages), FIX);
  }

  static Finding checkUnblockTimeout(String process, JvmFlags flags) {
    String check = "Aeron timeout";
    long nanos;
    try {
      nanos =
          flags.unblockTimeout.isEmpty()
              ? TimeUnit.SECONDS.toNanos(15)
              : SystemUtil.parseDuration(UNBLOCK_TIMEOUT, flags.unblockTimeout);
    } catch (NumberFormatException e) {
      return Finding.wrongSetting(
          process,
          check,
          "%s=%s is not a duration".formatted(UNBLOCK_TIMEOUT, flags.unblockTimeout),
          FIX);
    }
    String result =
        "%s is %d s%s"
            .formatted(
                UNBLOCK_TIMEOUT,
                TimeUnit.NANOSECONDS.toSeconds(nanos),
                flags.unblockTimeout.isEmpty() ? " by default" : "");
    return nanos > CLIENT_LIVENESS_NANOS
        ? Finding.ok(process, check, result)
        : Finding.wrongSetting(
            process, check, result + ", but Aeron starts only with more than 30 s", FIX);
  }

  static Finding checkAeronSettings(String process, JvmFlags flags) {
    String check = "Aeron settings";
    boolean isShared = flags.threadingMode.equals("SHARED");
    boolean isDeleted = Objects.equals(flags.deleteOnShutdown, "true");
    if (isShared && isDeleted) {
      return Finding.ok(process, check, "one thread, buffers deleted at exit");
    }
    String threads = isShared ? "" : THREADING_MODE + " is not SHARED, so Aeron uses more cores";
    String buffers = isDeleted ? "" : DELETE_ON_SHUTDOWN + " is not true, so /dev/shm fills up";
    String separator = threads.isEmpty() || buffers.isEmpty() ? "" : "; ";
    return Finding.warning(process, check, threads + separator + buffers, FIX);
  }
}
