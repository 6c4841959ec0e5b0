package org.sparkvae.cli;

import org.sparkvae.mnist.IdxSet;
import org.sparkvae.run.DataStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code data} command. */
@Command(
    name = "data",
    description =
        "Fetches MNIST, or takes another IDX data set, verifies it, and writes it as Parquet.",
    footer = {
      "  submit/sparkvae data",
      "  submit/sparkvae data --data /usr/share/datasets/fashion-mnist"
    })
final class DataCommand extends BaseCommand {
  @Mixin private OutputOptions run;

  @Mixin private DataOptions data;

  @Override
  public void run() {
    IdxSet set = DataStage.locate(data.data, reporter);
    DataStage.write(set, run.output, reporter);
  }
}
