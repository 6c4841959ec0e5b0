package org.sparkvae.cli;

import java.util.Optional;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.run.Run;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Mixin;

/** A command that works on an existing run, whose settings are those of its config.yaml. */
abstract class ExistingRunCommand extends BaseCommand {
  @Mixin RunOptions run;

  /** Returns the stages of the run that {@code --run-id} names. */
  final RunPipeline pipeline(Optional<String> data) {
    return new RunPipeline(open(run.runId), data, commandLine);
  }

  /** Returns a run in the same {@code --output} directory. */
  final Run open(String id) {
    return Run.open(id, run.output, SettingsReader::settings, reporter);
  }
}
