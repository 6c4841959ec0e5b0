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
 * The identity and instruction sets of an x86-64 processor, from Linux's {@code /proc/cpuinfo}.
 *
 * @param vendor vendor id such as {@code GenuineIntel}; empty on other platforms
 * @param family CPU family; 0 on other platforms
 * @param model model number; 0 on other platforms
 * @param flags instruction sets such as {@code avx2}; empty on other platforms
 */
record CpuInfo(String vendor, int family, int model, Set<String> flags) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Set<String> AVX_512 =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  /** Returns the description of this machine's processor. */
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

  /** Parses the first processor's entry in the lines of {@code /proc/cpuinfo}. */
  static CpuInfo parse(Stream<String> cpuInfo) {
    Map<String, String> fields = new HashMap<>();
    cpuInfo
        .takeWhile(line -> !line.isBlank())
        .map(line -> line.split("\\s*:\\s*", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> fields.put(pair[0], pair[1]));
    String flags = fields.getOrDefault("flags", "").trim();
    return new CpuInfo(
        fields.getOrDefault("vendor_id", ""),
        Integer.parseInt(fields.getOrDefault("cpu family", "0")),
        Integer.parseInt(fields.getOrDefault("model", "0")),
        flags.isEmpty() ? Set.of() : Set.of(flags.split("\\s+")));
  }

  /** Returns whether the processor has every part of AVX-512 that numerical libraries require. */
  boolean hasAvx512() {
    return flags.containsAll(AVX_512);
  }

  /** Returns whether the processor has AVX2 and fused multiply-add. */
  boolean hasAvx2() {
    return flags.containsAll(Set.of("avx2", "fma"));
  }
}
