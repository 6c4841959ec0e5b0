package org.sparkvae;

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
import org.sparkvae.cluster.Driver;
import org.sparkvae.cluster.SparkCluster;

/**
 * Watches a training of many epochs, {@code mvn verify -Dlong=50}: what it takes of the machine in
 * its last fifth is no more than in its second. What was seen is in {@code target/long-run-*.csv}.
 */
@EnabledIfSystemProperty(named = "long", matches = "\\d+")
class LongRunIT {
  private static final int EPOCHS = Integer.getInteger("long", 0);
  private static final Duration END = Duration.ofMinutes(90);

  /** The whole heap is there from the start, so that the resident set shows what lies outside. */
  private static final String WHOLE_HEAP = "-XX:+AlwaysPreTouch -Xms";

  @TempDir Path directory;

  private Path temporary;

  @BeforeEach
  void makeTemporary() throws IOException {
    temporary = Files.createDirectory(directory.resolve("tmp"));
  }

  private SparkVaeProcess start(Driver driver, String limit) throws IOException {
    return SparkVaeProcess.start(
        directory,
        driver.with(
            "spark.driver.extraJavaOptions",
            "-Djava.io.tmpdir=%s %s2g".formatted(temporary, WHOLE_HEAP)),
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

  /** Waits for an epoch's line in the history; its checkpoint is there by then. */
  private void awaitEpoch(int epoch, SparkVaeProcess job, long deadline) throws Exception {
    Path history = directory.resolve("runs/long/history.csv");
    while (!Files.exists(history) || Files.readAllLines(history).size() <= epoch) {
      assertThat(job.isAlive()).as("%s", job.errors()).isTrue();
      assertThat(System.nanoTime()).as("epoch " + epoch).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void inOneJvm() throws Exception {
    long deadline = System.nanoTime() + END.toNanos();
    SparkVaeProcess job = start(Driver.local(), "2000");
    List<MemoryFootprint> seen = new ArrayList<>();
    try {
      // In the last epoch's line the job ends.
      for (int epoch = 1; epoch < EPOCHS; epoch++) {
        awaitEpoch(epoch, job, deadline);
        seen.add(MemoryFootprint.of(job.pid(), temporary));
      }
      job.awaitEnd().assertExitCode(0);
    } finally {
      job.kill();
    }
    assertFlat("local", seen);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void onACluster() throws Exception {
    long deadline = System.nanoTime() + END.toNanos();
    SparkCluster cluster = SparkCluster.of(1);
    cluster.start();
    List<MemoryFootprint> driver = new ArrayList<>();
    List<MemoryFootprint> executor = new ArrayList<>();
    SparkVaeProcess job =
        start(
            cluster.driver().with("spark.executor.extraJavaOptions", WHOLE_HEAP + "1500m"), "1000");
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
    assertFlat("driver", driver);
    assertFlat("executor", executor);
    assertThat(temporary).isEmptyDirectory();
  }

  private static void assertFlat(String name, List<MemoryFootprint> seen) throws IOException {
    List<String> rows = new ArrayList<>(List.of(MemoryFootprint.COLUMNS));
    for (int i = 0; i < seen.size(); i++) {
      rows.add(seen.get(i).row(i + 1));
    }
    Files.write(Path.of("target/long-run-%s.csv".formatted(name)), rows);
    int fifth = EPOCHS / 5;
    List<MemoryFootprint> early = seen.subList(fifth, 2 * fifth);
    List<MemoryFootprint> late = seen.subList(seen.size() - fifth, seen.size());
    // Work goes on while the garbage is collected.
    assertNoMore(name + ", heap, KB", MemoryFootprint::heap, early, late, 0, 16 << 10);
    // Java goes on compiling: epochs of ten minibatches are not many.
    assertNoMore(name + ", resident set", MemoryFootprint::rss, early, late, 0.05, 0);
    assertNoMore(name + ", threads", MemoryFootprint::threads, early, late, 0, 3);
    assertNoMore(name + ", file handles", MemoryFootprint::handles, early, late, 0, 5);
    assertNoMore(name + ", shared memory", MemoryFootprint::shm, early, late, 0, 0);
    assertNoMore(name + ", temporary files", MemoryFootprint::files, early, late, 0, 10);
    assertNoMore(name + ", in temporary files", MemoryFootprint::disk, early, late, 0.05, 1_000);
  }

  private static void assertNoMore(
      String what,
      ToLongFunction<MemoryFootprint> part,
      List<MemoryFootprint> early,
      List<MemoryFootprint> late,
      double share,
      long more) {
    long before = median(early.stream().map(part::applyAsLong));
    assertThat(median(late.stream().map(part::applyAsLong)))
        .as("%s, beside %d at first", what, before)
        .isLessThanOrEqualTo(before + Math.round(share * before) + more);
  }

  private static long median(Stream<Long> values) {
    List<Long> sorted = values.sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
