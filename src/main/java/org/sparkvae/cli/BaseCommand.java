package org.sparkvae.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.sparkvae.run.Run;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every verb has: where data and runs are, and whom to tell. */
abstract class BaseCommand implements Runnable {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "runs",
      description =
          "where runs are kept: a disk that every process reaches, or HDFS (default: ${DEFAULT-VALUE})")
  String output;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder with four IDX files, plain or gzipped (default: MNIST, fetched once)")
  Path data;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  boolean help;

  private ConsoleReporter reporter;
  String command;

  final void attach(ConsoleReporter reporter, String command) {
    this.reporter = reporter;
    this.command = command;
  }

  final ConsoleReporter reporter() {
    return reporter;
  }

  final Optional<Path> data() {
    return Optional.ofNullable(data);
  }

  /** A verb on a run. */
  abstract static class OnRun extends BaseCommand {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions settings;

    @Option(
        names = "--run-id",
        paramLabel = "ID",
        description = "the run's name; the same name goes on with the same run (default: the time)")
    private String runId;

    /** What the command line calls the run; null where it does not. */
    final String runId() {
      return runId;
    }

    /** Of a run that has to be there already. */
    final RunPipeline stagesOfExistingRun() {
      if (runId == null) {
        throw new ParameterException(spec.commandLine(), "Missing required option '--run-id=ID'");
      }
      return stages();
    }

    final RunPipeline stages() {
      String id = runId == null ? SettingsOptions.timestamp() : runId;
      if (runId == null) {
        reporter().named(id);
      }
      Run run = Run.open(id, output, settings::over, reporter());
      return new RunPipeline(run, data(), command);
    }
  }
}
