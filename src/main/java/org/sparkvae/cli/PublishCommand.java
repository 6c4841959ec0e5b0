package org.sparkvae.cli;

import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code publish} command. */
@Command(
    name = "publish",
    description = "Publishes a finished run: points DIR/current at it in one atomic step.",
    footer = {
      "  submit/sparkvae publish --run-id first",
      "  submit/sparkvae publish --run-id first --to /srv/models --keep 5"
    })
final class PublishCommand extends ExistingRunCommand {
  /** The options that say where to publish. */
  private static final class Options extends PublishOptions {
    @Option(
        names = "--to",
        paramLabel = "DIR",
        order = 0,
        description = "Directory in which current is created (default: the directory of all runs).")
    private String directory;
  }

  @Mixin private Options publish;

  @Override
  public void run() {
    OptionalInt keep = publish.keep();
    pipeline(Optional.empty())
        .publish(publish.directory == null ? run.output : publish.directory, keep);
  }
}
