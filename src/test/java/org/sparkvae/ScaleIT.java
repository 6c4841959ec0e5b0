package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.cluster.SparkCluster;

/** A driver's memory beside executors that have theirs elsewhere. */
@CompleteBuild
@Timeout(900)
class ScaleIT {
  private static final Pattern HEAP = Pattern.compile("heap +total \\d+K, used (\\d+)K");

  /** Of some 100 MB; what a driver holds differs by a few from one look to the next. */
  private static final int DIFFERENCE_KB = 16 << 10;

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.of(2);

  @TempDir Path directory;

  /** Of the images alone 28,000 more would be 22 MB, of their reconstructions 88. */
  @Test
  void theDriversHeapDoesNotGrowWithTheImages() throws Exception {
    for (String verb : new String[] {"train", "reconstruct"}) {
      int few = mostHeap(verb, 2_000);
      int many = mostHeap(verb, 30_000);
      assertThat(many).as(verb).isLessThan(few + DIFFERENCE_KB);
    }
  }

  /** What of the heap is in use after a collection, in KB: the most that was seen. */
  private int mostHeap(String verb, int images) throws Exception {
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            CLUSTER.driver(),
            verb,
            "--run-id",
            "of-" + images,
            "--limit",
            "" + images,
            "--epochs",
            "1",
            "--config",
            "conf/model2.yaml",
            "--output",
            directory.resolve("runs").toString());
    int most = 0;
    try {
      while (job.isAlive()) {
        jcmd(job, "GC.run");
        Matcher heap = HEAP.matcher(jcmd(job, "GC.heap_info"));
        most = heap.find() ? Math.max(most, Integer.parseInt(heap.group(1))) : most;
        Thread.sleep(500);
      }
    } finally {
      job.kill();
    }
    job.assertExitCode(0);
    assertThat(most).isPositive();
    return most;
  }

  /** Says nothing of use while the process begins or ends. */
  private static String jcmd(SparkVaeProcess job, String command) throws Exception {
    Process jcmd =
        new ProcessBuilder("jcmd", "" + job.pid(), command).redirectErrorStream(true).start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
