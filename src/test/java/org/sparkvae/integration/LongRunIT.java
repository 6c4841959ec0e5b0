package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.MemoryFootprint;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;
import org.sparkvae.testing.cluster.SparkCluster;

/**
 * Tests that a training of many epochs ({@code mvn verify -Dlong=50}) does not leak memory, threads
 * or files: its footprint in the last fifth of the epochs must not exceed that in the second fifth.
 * The measurements are in {@code target/long-run-*.csv}.
 */
@EnabledIfSystemProperty(named = "long", matches = "\\d+")
class LongRunIT {
  private static final int EPOCHS = Integer.getInteger("long", 0);
  private static final Duration END = Duration.ofMinutes(90);

  /**
   * Allocates the heap at startup, so that the resident set grows only by memory outside the heap.
   */
  private static final String PREALLOCATED_HEAP = "-XX:+AlwaysPreTouch -Xms";

  @TempDir Path directory;

  private Path temporary;

  @BeforeEach
  void createTemporaryDirectory() throws IOException {
    temporary = Files.createDirectory(directory.resolve("tmp"));
  }

  private SparkVaeProcess start(Driver driver, String limit) throws IOException {
    return SparkVaeProcess.start(
        directory,
        driver.with(
            "spark.driver.extraJavaOptions",
            "-Djava.io.tmpdir=%s %s2g".formatted(temporary, PREALLOCATED_HEAP)),
        "train",
        "--run-id",
        "long",
        "--output",
        directory.resolve("runs").toString(),
        "--limit",
        limit,
        "--epochs",
        String.valueOf(EPOCHS));
  }

  /** Waits for the line of an epoch in the history; the checkpoint is written before it. */
  private void awaitEpoch(int epoch, SparkVaeProcess job, long deadline) throws Exception {
    Path history = directory.resolve("runs/long/history.csv");
    while (!Files.exists(history) || Files.readAllLines(history).size() <= epoch) {
      assertThat(job.isAlive()).as("%s", job.errors()).isTrue();
      assertThat(System.nanoTime()).as("epoch " + epoch).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void localTrainingDoesNotLeak() throws Exception {
    long deadline = System.nanoTime() + END.toNanos();
    SparkVaeProcess job = start(Driver.local(), "2000");
    List<MemoryFootprint> footprints = new ArrayList<>();
    try {
      // After the last epoch's line, the job may already have ended.
      for (int epoch = 1; epoch < EPOCHS; epoch++) {
        awaitEpoch(epoch, job, deadline);
        footprints.add(MemoryFootprint.of(job.pid(), temporary));
      }
      job.awaitEnd().assertExitCode(0);
    } finally {
      job.kill();
    }
    assertNoGrowth("local", footprints);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void clusterTrainingDoesNotLeak() throws Exception {
    long deadline = System.nanoTime() + END.toNanos();
    SparkCluster cluster = SparkCluster.of(1);
    cluster.start();
    List<MemoryFootprint> driver = new ArrayList<>();
    List<MemoryFootprint> executor = new ArrayList<>();
    SparkVaeProcess job =
        start(
            cluster.driver().with("spark.executor.extraJavaOptions", PREALLOCATED_HEAP + "1500m"),
            "1000");
    try {
      Path host = cluster.state().resolve("host-1");
      for (int epoch = 1; epoch < EPOCHS; epoch++) {
        awaitEpoch(epoch, job, deadline);
        driver.add(MemoryFootprint.of(job.pid(), temporary));
        long pid = cluster.executorPids().get(0);
        executor.add(MemoryFootprint.of(pid, host.resolve("tmp"), host.resolve("local")));
      }
      job.awaitEnd().assertExitCode(0);
    } finally {
      job.kill();
      cluster.stop();
    }
    assertNoGrowth("driver", driver);
    assertNoGrowth("executor", executor);
    assertThat(temporary).isEmptyDirectory();
  }

  private static void assertNoGrowth(String name, List<MemoryFootprint> footprints)
      throws IOException {
    List<String> rows = new ArrayList<>(List.of(MemoryFootprint.COLUMNS));
    for (int i = 0; i < footprints.size(); i++) {
      rows.add(footprints.get(i).row(i + 1));
    }
    Files.write(Path.of("target/long-run-%s.csv".formatted(name)), rows);
    int fifth = EPOCHS / 5;
    List<MemoryFootprint> early = footprints.subList(fifth, 2 * fifth);
    List<MemoryFootprint> late = footprints.subList(footprints.size() - fifth, footprints.size());
    // The job allocates memory during the garbage collection.
    assertNoGrowth(name + ", heap, KB", MemoryFootprint::heap, early, late, 0, 16 << 10);
    // The JIT compiler is still active after these few minibatches.
    assertNoGrowth(name + ", resident set", MemoryFootprint::rss, early, late, 0.05, 0);
    assertNoGrowth(name + ", threads", MemoryFootprint::threads, early, late, 0, 3);
    assertNoGrowth(name + ", file handles", MemoryFootprint::handles, early, late, 0, 5);
    assertNoGrowth(name + ", shared memory", MemoryFootprint::shm, early, late, 0, 0);
    assertNoGrowth(name + ", temporary files", MemoryFootprint::files, early, late, 0, 10);
    assertNoGrowth(name + ", in temporary files", MemoryFootprint::disk, early, late, 0.05, 1_000);
  }

  private static void assertNoGrowth(
      String name,
      ToLongFunction<MemoryFootprint> metric,
      List<MemoryFootprint> early,
      List<MemoryFootprint> late,
      double relativeTolerance,
      long absoluteTolerance) {
    long before = median(early.stream().map(metric::applyAsLong));
    assertThat(median(late.stream().map(metric::applyAsLong)))
        .as("%s, compared to %d in the second fifth", name, before)
        .isLessThanOrEqualTo(before + Math.round(relativeTolerance * before) + absoluteTolerance);
  }

  private static long median(Stream<Long> values) {
    List<Long> sorted = values.sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
