package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.slf4j.LoggerFactory;
import org.sparkvae.mnist.IdxFixture;
import org.sparkvae.spark.LocalSpark;

/** A finished run on a few random images, created once in this JVM and copied by tests. */
final class SmallRun {
  static final String ID = "one";

  private static Path home;

  private SmallRun() {}

  /** Returns the arguments of a command that creates a run with the same data and model. */
  static String[] command(String verb, String runId, Path runs, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                verb,
                "--run-id",
                runId,
                "--output",
                runs.toString(),
                "--data",
                data().toString(),
                "--latent-channels",
                "2",
                "--batch-size",
                "10"));
    arguments.addAll(Arrays.asList(more));
    return arguments.toArray(String[]::new);
  }

  /** Returns the directory of the run. */
  static synchronized Path directory() throws Exception {
    Path run = home().resolve(ID);
    if (!Files.exists(run)) {
      LocalSpark.session();
      String[] command = command("run", ID, home(), "--epochs", "2", "--trainer", "local");
      CommandResult result = CommandResult.of(command);
      assertThat(result.code()).as("%s", result.errors()).isZero();
    }
    return run;
  }

  /** Copies the run into a directory of runs and returns the copy. */
  static Path copyTo(Path runs) throws Exception {
    FileUtils.copyDirectory(directory().toFile(), runs.resolve(ID).toFile());
    return runs.resolve(ID);
  }

  /** Returns the directory of the IDX files. */
  static Path data() throws IOException {
    return home().resolve("idx");
  }

  private static synchronized Path home() throws IOException {
    if (home == null) {
      // The logger may print to the console when it starts.
      LoggerFactory.getLogger(SmallRun.class).debug("started");
      // Spark and Hadoop treat some of these characters as a pattern or as an escape.
      String prefix = "small run [1]{a,b}*?\\%41#";
      Path fresh = Files.createTempDirectory(Path.of("target"), prefix).toAbsolutePath();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(fresh.toFile())));
      IdxFixture.writeSet(Files.createDirectory(fresh.resolve("idx")));
      home = fresh;
    }
    return home;
  }
}
