package org.sparkvae.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code publish}. */
@Command(
    name = "publish",
    description = "Points a stable place, DIR/current, at a finished run.",
    sortOptions = false)
final class PublishCommand extends BaseCommand.OnRun {
  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "where current is kept (default: the --output directory)")
  private String to;

  @Mixin private KeepOption keep;

  @Override
  public void run() {
    stagesOfExistingRun().publish(to == null ? output : to, keep.count());
  }
}
