package org.sparkvae.cli;

import org.sparkvae.mnist.IdxSet;
import org.sparkvae.run.DataStage;
import picocli.CommandLine.Command;

/** {@code data}. */
@Command(
    name = "data",
    description = "Gets MNIST or another IDX set, checks it, and writes the DataFrame.",
    sortOptions = false)
final class DataCommand extends BaseCommand {
  @Override
  public void run() {
    IdxSet set = DataStage.locate(data(), reporter());
    DataStage.write(set, output, reporter());
  }
}
