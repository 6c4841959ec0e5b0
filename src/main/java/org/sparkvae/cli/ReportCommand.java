package org.sparkvae.cli;

import java.util.Optional;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The {@code report} command. */
@Command(
    name = "report",
    description =
        "Writes report.html, one page with all results of a run. The page loads nothing from the"
            + " network.",
    footer = {
      "  submit/sparkvae report --run-id first",
      "  submit/sparkvae report --run-id first --compare second"
    })
final class ReportCommand extends ExistingRunCommand {
  @Option(
      names = "--compare",
      paramLabel = "ID",
      description =
          "Write compare-ID.html instead, which compares this run with another run in --output.")
  private Optional<String> compare;

  @Override
  public void run() {
    RunPipeline pipeline = pipeline(Optional.empty());
    if (compare.filter(run.runId::equals).isPresent()) {
      throw new ConfigurationException(
          "--compare: '%s' is the run itself. Choose another run.".formatted(run.runId));
    }
    pipeline.report(compare.map(this::open));
  }
}
