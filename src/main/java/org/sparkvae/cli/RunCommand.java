package org.sparkvae.cli;

import java.util.OptionalInt;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}. */
@Command(
    name = "run",
    description =
        "The main job: data, training, reconstruction, figures, evaluation, page; each stage is skipped where it is complete.",
    sortOptions = false)
final class RunCommand extends BaseCommand.OnRun {
  @Option(
      names = "--publish",
      paramLabel = "DIR",
      description = "in the end point DIR/current at the run")
  private String publish;

  @Mixin private KeepOption keep;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    OptionalInt kept = keep.count();
    if (publish == null && kept.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--keep is of use with --publish only");
    }
    RunPipeline stages = stages();
    stages.all();
    if (publish != null) {
      stages.publish(publish, kept);
    }
  }
}
