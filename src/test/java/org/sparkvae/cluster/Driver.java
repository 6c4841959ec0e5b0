package org.sparkvae.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where a driver runs and what Spark it uses.
 *
 * @param prefix words before a command that run it on the right host
 * @param arguments of the launcher that name the master
 * @param properties of Spark
 */
public record Driver(List<String> prefix, List<String> arguments, Map<String, String> properties) {

  /** Here, on {@code local[*]}. */
  public static Driver local() {
    return new Driver(List.of(), List.of(), Map.of());
  }

  /** Here, with another folder in the place of ~/.cache. */
  public static Driver withCache(Path cache) {
    return new Driver(List.of("env", "XDG_CACHE_HOME=" + cache), List.of(), Map.of());
  }

  /** The same with another property of Spark. */
  public Driver with(String property, String value) {
    Map<String, String> more = new TreeMap<>(properties);
    more.put(property, value);
    return new Driver(prefix, arguments, Map.copyOf(more));
  }

  /** A launcher's whole command. */
  public List<String> command(String launcher, String... verb) {
    Stream<String> settings =
        properties.entrySet().stream()
            .flatMap(each -> Stream.of("--conf", each.getKey() + "=" + each.getValue()));
    return Stream.of(
            prefix.stream(), Stream.of(launcher), arguments.stream(), settings, Stream.of(verb))
        .flatMap(each -> each)
        .toList();
  }

  /** The same driver with more words for the launcher. */
  public Driver and(String... words) {
    return new Driver(
        prefix, Stream.concat(arguments.stream(), Stream.of(words)).toList(), properties);
  }
}
