package org.sparkvae.cli;

import picocli.CommandLine.Command;

/** {@code run}. */
@Command(
    name = "run",
    description =
        "The main job: data, training, reconstruction, figures, evaluation, page; each stage is skipped where it is complete.",
    sortOptions = false)
final class RunCommand extends Verb.OnRun {
  @Override
  public void run() {
    stages().all();
  }
}
