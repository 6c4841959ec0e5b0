package org.sparkvae.cli;

import picocli.CommandLine.Command;

/** {@code export}. */
@Command(
    name = "export",
    description =
        "Writes the model for other tools: model.safetensors with PyTorch's names and layouts, and"
            + " model.json, which describes it.",
    sortOptions = false)
final class ExportCommand extends BaseCommand.OnRun {
  @Override
  public void run() {
    stagesOfExistingRun().export();
  }
}
