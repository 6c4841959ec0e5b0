package org.sparkvae.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What Linux says of an x86-64 processor.
 *
 * @param vendor such as {@code GenuineIntel}; empty on other platforms
 * @param family 0 on other platforms
 * @param model 0 on other platforms
 * @param flags such as {@code avx2}; empty on other platforms
 */
record CpuInfo(String vendor, int family, int model, Set<String> flags) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Set<String> AVX_512 =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  static CpuInfo ofThisMachine() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      return parse(Stream.empty());
    }
    try (Stream<String> lines = Files.lines(CPU_INFO, StandardCharsets.UTF_8)) {
      return parse(lines);
    } catch (IOException notLinux) {
      return parse(Stream.empty());
    }
  }

  /** Of the first processor in {@code /proc/cpuinfo}. */
  static CpuInfo parse(Stream<String> cpuInfo) {
    Map<String, String> facts = new HashMap<>();
    cpuInfo
        .takeWhile(line -> !line.isBlank())
        .map(line -> line.split("\\s*:\\s*", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> facts.put(pair[0], pair[1]));
    String flags = facts.getOrDefault("flags", "").trim();
    return new CpuInfo(
        facts.getOrDefault("vendor_id", ""),
        Integer.parseInt(facts.getOrDefault("cpu family", "0")),
        Integer.parseInt(facts.getOrDefault("model", "0")),
        flags.isEmpty() ? Set.of() : Set.of(flags.split("\\s+")));
  }

  /** Whether it has the parts of AVX-512 that numerical libraries ask for together. */
  boolean hasAvx512() {
    return flags.containsAll(AVX_512);
  }

  boolean hasAvx2() {
    return flags.containsAll(Set.of("avx2", "fma"));
  }
}
