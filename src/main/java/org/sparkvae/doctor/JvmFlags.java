package org.sparkvae.doctor;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.SystemUtil;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.function.Uncheck;
import org.apache.commons.lang3.StringUtils;

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
  /** The packages that {@code conf/jvm-options} opens, as {@code module/package}. */
  static final List<String> OPEN_PACKAGES = openPackages();

  private static final String UNBLOCK_TIMEOUT = "aeron.publication.unblock.timeout";
  private static final String THREADING_MODE = "aeron.threading.mode";
  private static final String DELETE_ON_SHUTDOWN = "aeron.dir.delete.on.shutdown";

  /** The liveness timeout that Deeplearning4j sets for Aeron's clients. */
  private static final long CLIENT_LIVENESS_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final String FIX =
      "Start the job with submit/sparkvae, or set all options of conf/jvm-options (driver:"
          + " --driver-java-options, executors: spark.executor.extraJavaOptions).";

  private static List<String> openPackages() {
    String options =
        Uncheck.get(
            () ->
                IOUtils.resourceToString(
                    "conf/jvm-options", StandardCharsets.UTF_8, JvmFlags.class.getClassLoader()));
    return options
        .lines()
        .map(line -> StringUtils.substringBetween(line, "--add-opens=", "=ALL-UNNAMED"))
        .filter(Objects::nonNull)
        .toList();
  }

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
    Check check = new Check(process, "--add-opens");
    return flags.closedPackages.isEmpty()
        ? check.ok("all " + OPEN_PACKAGES.size() + " packages are open")
        : check.wrongSetting("not open: " + String.join(", ", flags.closedPackages), FIX);
  }

  static Finding checkUnblockTimeout(String process, JvmFlags flags) {
    Check check = new Check(process, "Aeron timeout");
    long nanos;
    try {
      nanos =
          flags.unblockTimeout.isEmpty()
              ? TimeUnit.SECONDS.toNanos(15)
              : SystemUtil.parseDuration(UNBLOCK_TIMEOUT, flags.unblockTimeout);
    } catch (NumberFormatException e) {
      return check.wrongSetting(
          "%s=%s is not a duration".formatted(UNBLOCK_TIMEOUT, flags.unblockTimeout), FIX);
    }
    String result =
        "%s is %d s%s"
            .formatted(
                UNBLOCK_TIMEOUT,
                TimeUnit.NANOSECONDS.toSeconds(nanos),
                flags.unblockTimeout.isEmpty() ? " by default" : "");
    return nanos > CLIENT_LIVENESS_NANOS
        ? check.ok(result)
        : check.wrongSetting(result + ", but Aeron starts only with more than 30 s", FIX);
  }

  static Finding checkAeronSettings(String process, JvmFlags flags) {
    Check check = new Check(process, "Aeron settings");
    boolean isShared = flags.threadingMode.equals("SHARED");
    boolean isDeleted = Objects.equals(flags.deleteOnShutdown, "true");
    if (isShared && isDeleted) {
      return check.ok("one thread, buffers deleted at exit");
    }
    String threads = isShared ? "" : THREADING_MODE + " is not SHARED, so Aeron uses more cores";
    String buffers = isDeleted ? "" : DELETE_ON_SHUTDOWN + " is not true, so /dev/shm fills up";
    String separator = threads.isEmpty() || buffers.isEmpty() ? "" : "; ";
    return check.warning(threads + separator + buffers, FIX);
  }
}
