package org.sparkvae.cli;

import java.util.OptionalInt;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The {@code run} command. */
@Command(
    name = "run",
    description =
        "Runs the whole job: data, training, reconstruction, figures, evaluation, report. Skips the"
            + " stages that are complete.",
    footer = {
      "  submit/sparkvae run --run-id first --config conf/quickstart.yaml",
      "  submit/sparkvae --master spark://HOST:7077 run --run-id model2 \\",
      "      --config conf/model2.yaml --output hdfs://HOST/runs"
    })
final class RunCommand extends TrainingCommand {
  /** The options that publish the run at its end. */
  private static final class Options extends PublishOptions {
    @Option(
        names = "--publish",
        paramLabel = "DIR",
        order = 0,
        description = "At the end, publish the run as DIR/current.")
    private String directory;
  }

  @Mixin private Options publish;

  @Override
  public void run() {
    OptionalInt keep = publish.keep();
    if (publish.directory == null && keep.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--keep: requires --publish. Add --publish DIR");
    }
    RunPipeline pipeline = pipeline();
    pipeline.runAll();
    if (publish.directory != null) {
      pipeline.publish(publish.directory, keep);
    }
  }
}
