package org.sparkvae.doctor;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for temporary files of a process.
 *
 * @param setting the setting or variable that names the directory
 * @param isExecutable whether files in it can be executed, or loaded as native libraries
 * @param usableBytes the free space in bytes
 */
record TemporaryDirectory(
    String setting, String path, boolean isWritable, boolean isExecutable, long usableBytes)
    implements Serializable {
  private static final String OF_JAVA = "java.io.tmpdir";
  private static final String OF_SPARK = "spark.local.dir";
  private static final String VARIABLE_OF_SPARK = "SPARK_LOCAL_DIRS";

  /** Enough to start Spark. A run on all of MNIST needs about 200 MiB (estimate). */
  private static final long MIN_BYTES = 16L << 20;

  private static final FileAttribute<?> EXECUTABLE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** Returns Java's directory and those that Spark's settings name. */
  static List<TemporaryDirectory> ofThisProcess() {
    List<TemporaryDirectory> directories = new ArrayList<>();
    directories.add(inspect(OF_JAVA, Path.of(System.getProperty(OF_JAVA))));
    addSparks(VARIABLE_OF_SPARK, System.getenv(VARIABLE_OF_SPARK), directories);
    if (directories.size() == 1) {
      addSparks(OF_SPARK, System.getProperty(OF_SPARK), directories);
    }
    return directories;
  }

  private static void addSparks(String setting, String paths, List<TemporaryDirectory> target) {
    if (paths != null) {
      Stream.of(paths.split(","))
          .map(path -> inspect(setting, Path.of(path.strip())))
          .forEach(target::add);
    }
  }

  /** Inspects a directory. If it is missing, Spark will create it in an existing one. */
  static TemporaryDirectory inspect(String setting, Path path) {
    Path existing = path.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    boolean isWritable = true;
    boolean isExecutable = true;
    // A file is created, because root may write to any directory but not, for example, in /proc.
    try {
      Path file = Files.createTempFile(existing, ".spark-vae", null, EXECUTABLE);
      isExecutable = Files.isExecutable(file);
      Files.delete(file);
    } catch (IOException e) {
      // If no space is left, the free space says so.
      isWritable = String.valueOf(e.getMessage()).contains("No space left");
    }
    File directory = existing.toFile();
    return new TemporaryDirectory(
        setting,
        path.toString(),
        directory.isDirectory() && isWritable,
        isExecutable,
        directory.getUsableSpace());
  }

  static List<Finding> check(String process, List<TemporaryDirectory> directories) {
    return directories.stream().map(directory -> directory.finding(process, directories)).toList();
  }

  private Finding finding(String process, List<TemporaryDirectory> all) {
    Check check = new Check(process, setting);
    if (!isWritable) {
      String result = "%s is not a writable directory".formatted(path);
      String fix = "Make it writable, or choose another one: %s.".formatted(alternative(check));
      // Spark ignores such a directory if the setting names others.
      return all.stream().anyMatch(other -> other.isWritable && other.setting.equals(setting))
          ? check.warning(result, fix)
          : check.wrongSetting(result, fix);
    }
    // Java libraries copy their native parts there. Spark's directories have only data.
    if (!isExecutable && setting.equals(OF_JAVA)) {
      return check.wrongSetting(
          "native libraries cannot be loaded from %s, which is mounted with noexec".formatted(path),
          "Mount it with exec, or choose another directory: %s.".formatted(alternative(check)));
    }
    String result = "%s, %s free".formatted(path, MemoryLimits.formatBytes(usableBytes));
    return usableBytes < MIN_BYTES
        ? check.externalFailure(
            result, "Free some space, or choose another one: %s.".formatted(alternative(check)))
        : check.ok(result);
  }

  private String alternative(Check check) {
    return switch (setting) {
      case OF_JAVA -> check.directoryOption(OF_JAVA);
      case OF_SPARK -> "--conf spark.local.dir=DIR";
      default -> "%s=DIR".formatted(setting);
    };
  }
}
