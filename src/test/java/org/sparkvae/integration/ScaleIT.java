package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.SparkCluster;

/** Tests that the driver's memory does not depend on the number of images. */
@CompleteBuild
@Timeout(900)
@ResourceLock(SparkCluster.LOCK)
class ScaleIT {
  private static final Pattern HEAP = Pattern.compile("heap +total \\d+K, used (\\d+)K");

  /** Tolerance for a heap of about 100 MB, which varies by a few MB between measurements. */
  private static final int TOLERANCE_KB = 16 << 10;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.SHARED;

  @TempDir Path directory;

  /** 28,000 more images would add 22 MB to the heap, and their reconstructions 88 MB. */
  @Test
  void driverHeapDoesNotGrowWithTheNumberOfImages() throws Exception {
    int fewInTraining = peakHeap("train", "few", settings("2000"));
    int manyInTraining = peakHeap("train", "many", settings("30000"));
    assertThat(manyInTraining).isLessThan(fewInTraining + TOLERANCE_KB);
    int fewReconstructed = peakHeap("reconstruct", "few");
    int manyReconstructed = peakHeap("reconstruct", "many");
    assertThat(manyReconstructed).isLessThan(fewReconstructed + TOLERANCE_KB);
  }

  private static String[] settings(String limit) {
    return new String[] {"--limit", limit, "--epochs", "1", "--config", "conf/model2.yaml"};
  }

  /** Returns the maximum of the used heap after garbage collections, in KB. */
  private int peakHeap(String command, String runId, String... settings) throws Exception {
    String[] run = {command, "--run-id", runId, "--output", directory.resolve("runs").toString()};
    SparkVaeProcess job =
        SparkVaeProcess.start(directory, CLUSTER.driver(), ArrayUtils.addAll(run, settings));
    int peak = 0;
    try {
      while (job.isAlive()) {
        jcmd(job, "GC.run");
        Matcher heap = HEAP.matcher(jcmd(job, "GC.heap_info"));
        peak = heap.find() ? Math.max(peak, Integer.parseInt(heap.group(1))) : peak;
        Thread.sleep(500);
      }
    } finally {
      job.kill();
    }
    job.assertExitCode(0);
    assertThat(peak).isPositive();
    return peak;
  }

  /** Returns the output of jcmd, which is an error message while the process starts or ends. */
  private static String jcmd(SparkVaeProcess job, String command) throws Exception {
    Process jcmd =
        new ProcessBuilder("jcmd", "" + job.pid(), command).redirectErrorStream(true).start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
