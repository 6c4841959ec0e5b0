package org.sparkvae.doctor;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for temporary files of a process.
 *
 * @param setting the setting or variable that names the directory
 * @param usableBytes the free space in bytes
 */
record TemporaryDirectory(String setting, String path, boolean isWritable, long usableBytes)
    implements Serializable {
  private static final String OF_JAVA = "java.io.tmpdir";
  private static final String OF_SPARK = "spark.local.dir";
  private static final String VARIABLE_OF_SPARK = "SPARK_LOCAL_DIRS";

  /** Enough to start Spark. A run on all of MNIST needs about 200 MiB (estimate). */
  private static final long MIN_BYTES = 16L << 20;

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
    File directory = existing.toFile();
    return new TemporaryDirectory(
        setting,
        path.toString(),
        directory.isDirectory() && canCreateIn(existing),
        directory.getUsableSpace());
  }

  /** Tests it, because root may write to any directory but not, for example, to those of /proc. */
  private static boolean canCreateIn(Path directory) {
    try {
      Files.delete(Files.createTempFile(directory, ".spark-vae", null));
      return true;
    } catch (IOException e) {
      // Then the free space says so.
      return String.valueOf(e.getMessage()).contains("No space left");
    }
  }

  static List<Finding> check(String process, List<TemporaryDirectory> directories) {
    return directories.stream().map(directory -> directory.finding(process, directories)).toList();
  }

  private Finding finding(String process, List<TemporaryDirectory> all) {
    Check check = new Check(process, setting);
    if (!isWritable) {
      String result = "%s is not a writable directory".formatted(path);
      String fix = "Make it writable, or choose another one: %s.".formatted(alternative());
      // Spark ignores such a directory if the setting names others.
      return all.stream().anyMatch(other -> other.isWritable && other.setting.equals(setting))
          ? check.warning(result, fix)
          : check.wrongSetting(result, fix);
    }
    String result = "%s, %s free".formatted(path, MemoryLimits.formatBytes(usableBytes));
    return usableBytes < MIN_BYTES
        ? check.externalFailure(
            result, "Free some space, or choose another one: %s.".formatted(alternative()))
        : check.ok(result);
  }

  private String alternative() {
    return switch (setting) {
      case OF_JAVA -> "JAVA_OPTS=-Djava.io.tmpdir=DIR";
      case OF_SPARK -> "--conf spark.local.dir=DIR";
      default -> "%s=DIR".formatted(setting);
    };
  }
}
