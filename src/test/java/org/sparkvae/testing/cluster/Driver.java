package org.sparkvae.testing.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The host, the master and the Spark properties of a driver.
 *
 * @param prefix command that runs its arguments on the driver's host; can be empty
 * @param arguments launcher arguments, such as {@code --master}
 * @param properties Spark properties
 */
public record Driver(List<String> prefix, List<String> arguments, Map<String, String> properties) {

  /** Returns a driver on this machine with {@code local[*]}. */
  public static Driver local() {
    return new Driver(List.of(), List.of(), Map.of());
  }

  /**
   * Returns a local driver with umask 000, whose files would be world-writable if the launcher did
   * not change the umask.
   */
  public static Driver withUmask000() {
    return new Driver(
        List.of("bash", "-c", "umask 000 && exec \"$@\"", "bash"), List.of(), Map.of());
  }

  /** Returns a local driver that uses another directory instead of {@code ~/.cache}. */
  public static Driver withCache(Path cache) {
    return new Driver(List.of("env", "XDG_CACHE_HOME=" + cache), List.of(), Map.of());
  }

  /** Returns a copy whose temporary files, Spark's included, are in the given directory. */
  public Driver withTemporaryDirectory(Path temporary) {
    return with("spark.local.dir", temporary.toString())
        .with("spark.driver.extraJavaOptions", "-Djava.io.tmpdir=" + temporary);
  }

  /** Returns a copy with an additional Spark property. */
  public Driver with(String property, String value) {
    Map<String, String> copy = new TreeMap<>(properties);
    copy.put(property, value);
    return new Driver(prefix, arguments, Map.copyOf(copy));
  }

  /**
   * Returns the command line that runs a command of spark-vae on this driver.
   *
   * @param launcher path of the launcher script
   * @param command the command and its options
   */
  public List<String> commandLine(String launcher, String... command) {
    Stream<String> settings =
        properties.entrySet().stream()
            .flatMap(
                property -> Stream.of("--conf", property.getKey() + "=" + property.getValue()));
    return Stream.of(
            prefix.stream(), Stream.of(launcher), arguments.stream(), settings, Stream.of(command))
        .flatMap(part -> part)
        .toList();
  }
}
