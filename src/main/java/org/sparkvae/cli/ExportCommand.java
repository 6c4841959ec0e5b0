package org.sparkvae.cli;

import java.util.Optional;
import picocli.CommandLine.Command;

/** The {@code export} command. */
@Command(
    name = "export",
    description =
        "Exports the weights as model.safetensors, with PyTorch's names and layouts, and their"
            + " description as model.json.",
    footer = {"  submit/sparkvae export --run-id first"})
final class ExportCommand extends ExistingRunCommand {
  @Override
  public void run() {
    pipeline(Optional.empty()).export();
  }
}
