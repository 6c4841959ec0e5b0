package org.sparkvae.doctor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A graphics card as {@code nvidia-smi} tells of it.
 *
 * @param capability compute capability, such as {@code 8.0}
 */
record GpuInfo(int index, String name, String capability) {
  /** Those that nd4j-cuda-11.6 has code for, and 8.9, which runs the code for 8.6. */
  private static final Set<String> HAVE_CODE =
      Set.of("3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6", "8.9");

  private static final Pattern LINE = Pattern.compile("(\\d+), (.+), (\\d+\\.\\d+)");

  /** The cards in what it prints; whatever else it says is passed over. */
  static List<GpuInfo> parse(String output) {
    return output.lines().map(GpuInfo::card).flatMap(Optional::stream).toList();
  }

  private static Optional<GpuInfo> card(String line) {
    Matcher card = LINE.matcher(line.strip());
    return card.matches()
        ? Optional.of(new GpuInfo(Integer.parseInt(card.group(1)), card.group(2), card.group(3)))
        : Optional.empty();
  }

  boolean hasCode() {
    return HAVE_CODE.contains(capability);
  }

  @Override
  public String toString() {
    return "%d: %s (%s)".formatted(index, name, capability);
  }
}
