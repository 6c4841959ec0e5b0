package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.FinishedRun;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;

/** Tests an exported model in PyTorch, if the interpreter {@code $PYTHON} has it. */
@Timeout(600)
class ExportIT {
  private static final String PYTHON =
      Optional.ofNullable(System.getenv("PYTHON")).orElse("python3");

  @TempDir Path directory;

  private static int python(Path output, String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(PYTHON), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  @Test
  void reconstructsTheSameImagesInPyTorch() throws Exception {
    Path run = FinishedRun.copyTo(directory.resolve("runs"));
    String runs = run.getParent().toString();
    SparkVaeProcess.run(directory, "export", "--run-id", FinishedRun.ID, "--output", runs)
        .assertExitCode(0);
    assertThat(run.resolve("model.safetensors")).isNotEmptyFile();

    Path pythonOutput = directory.resolve("python.txt");
    assumeTrue(
        python(pythonOutput, "-c", "import torch") == 0,
        PYTHON + ": has no torch. Set PYTHON to an interpreter that has it.");
    Path rows = directory.resolve("rows.json");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          """
          COPY (SELECT image_id, hex(original) AS original, reconstruction, bce, kl
                FROM read_parquet('%s/reconstructions/split=test/*.parquet')
                ORDER BY image_id LIMIT 100) TO '%s'
          """
              .formatted(run, rows));
    }
    int code = python(pythonOutput, "bench/pytorch_load.py", run.toString(), rows.toString());
    String output = Files.readString(pythonOutput, StandardCharsets.UTF_8);
    assertThat(code).as(output).isZero();
    assertThat(output).contains("images=100", "largest_difference=");
  }

  /** In a GPU build, nd4j would not start on a machine without a card. */
  @Test
  void usesTheCpuInABuildWithCuda() throws Exception {
    Path run = FinishedRun.copyTo(directory.resolve("runs"));
    Path cuda = directory.resolve("cuda/org/nd4j/linalg/jcublas/JCublasBackend.class");
    Files.createDirectories(cuda.getParent());
    Files.createFile(cuda);
    Driver driver =
        Driver.local()
            .with(
                "spark.driver.extraJavaOptions", "-Xbootclasspath/a:" + directory.resolve("cuda"));

    SparkVaeProcess.start(
            directory,
            driver,
            "export",
            "--run-id",
            FinishedRun.ID,
            "--output",
            run.getParent().toString())
        .awaitEnd()
        .assertExitCode(0);

    assertThat(run.resolve("model.safetensors")).isNotEmptyFile();
  }
}
