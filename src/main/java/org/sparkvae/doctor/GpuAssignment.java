package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.sparkvae.model.NativeBackend;

/**
 * The graphics cards that a process was given and those it sees.
 *
 * @param isCudaBuild whether this build computes on them in this process
 * @param assigned addresses that Spark gave the task
 * @param smi what {@code nvidia-smi} printed; empty if it is not there
 */
record GpuAssignment(boolean isCudaBuild, List<String> assigned, String smi)
    implements Serializable {
  private static final String CHECK = "GPU";
  private static final long SMI_SECONDS = 10;

  static GpuAssignment ofThisProcess() {
    TaskContext task = TaskContext.get();
    boolean given = task != null && task.resourcesJMap().containsKey("gpu");
    List<String> assigned =
        given ? List.of(task.resourcesJMap().get("gpu").addresses()) : List.of();
    return new GpuAssignment(NativeBackend.computesOnGpu(), assigned, askSmi());
  }

  private static String askSmi() {
    try {
      Path output = Files.createTempFile("nvidia-smi", ".csv");
      try {
        Process process =
            new ProcessBuilder(
                    "nvidia-smi", "--query-gpu=index,name,compute_cap", "--format=csv,noheader")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(SMI_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return "nvidia-smi gave no answer in " + SMI_SECONDS + " s";
        }
        return Files.readString(output, StandardCharsets.UTF_8).strip();
      } finally {
        Files.delete(output);
      }
    } catch (IOException notInstalled) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  static Finding check(String where, GpuAssignment gpus) {
    List<GpuInfo> seen = GpuInfo.parse(gpus.smi);
    if (!gpus.isCudaBuild && gpus.assigned.isEmpty()) {
      return Finding.ok(
          where, CHECK, seen.isEmpty() ? "none, and none needed" : names(seen) + ", not used");
    }
    if (seen.isEmpty()) {
      return Finding.wrongSetting(
          where,
          CHECK,
          "%sseen: none%s"
              .formatted(given(gpus), gpus.smi.isEmpty() ? "" : " (" + firstLine(gpus.smi) + ")"),
          gpus.isCudaBuild
              ? "install the card's driver, or build without -Pgpu"
              : "mend the GPU discovery script, or leave spark.executor.resource.gpu.amount out");
    }
    List<String> unseen = gpus.assigned.stream().filter(each -> !isAmong(seen, each)).toList();
    if (!unseen.isEmpty()) {
      return Finding.wrongSetting(
          where,
          CHECK,
          given(gpus) + "seen: " + names(seen),
          "mend the GPU discovery script, which names cards that are not there");
    }
    List<GpuInfo> without =
        seen.stream()
            .filter(each -> gpus.assigned.isEmpty() || isAssigned(gpus, each))
            .filter(each -> !each.hasCode())
            .toList();
    if (!without.isEmpty()) {
      return Finding.wrongSetting(
          where,
          CHECK,
          names(without) + ": nd4j-cuda-11.6 has no code for this compute capability",
          "use cards of 3.7 to 8.9 (up to Ampere and Ada), or the CPU build without GPUs assigned");
    }
    return gpus.isCudaBuild
        ? Finding.ok(where, CHECK, given(gpus) + "seen: " + names(seen))
        : Finding.warning(
            where,
            CHECK,
            given(gpus) + "but this build computes on the CPU",
            "build with mvn -Pgpu package, or assign no GPU");
  }

  /** A card's UUID, or that of a slice of one, is taken on trust. */
  private static boolean isIndex(String address) {
    return address.matches("\\d+");
  }

  private static boolean isAmong(List<GpuInfo> seen, String address) {
    return !isIndex(address)
        || seen.stream().anyMatch(each -> each.index() == Integer.parseInt(address));
  }

  private static boolean isAssigned(GpuAssignment gpus, GpuInfo card) {
    return gpus.assigned.stream()
        .anyMatch(each -> !isIndex(each) || Integer.parseInt(each) == card.index());
  }

  private static String given(GpuAssignment gpus) {
    return gpus.assigned.isEmpty() ? "" : "assigned: " + String.join(", ", gpus.assigned) + "; ";
  }

  private static String names(List<GpuInfo> cards) {
    return cards.stream().map(GpuInfo::toString).collect(Collectors.joining(", "));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
