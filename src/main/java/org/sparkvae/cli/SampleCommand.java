package org.sparkvae.cli;

import java.util.Locale;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sample}. */
@Command(
    name = "sample",
    description =
        "Draws grids of random originals, their reconstructions, draws and interpolations, and the learning curves.",
    sortOptions = false)
final class SampleCommand extends BaseCommand.OnRun {
  /** Where draws come from. */
  enum Source {
    PRIOR,
    POSTERIOR_MIXTURE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description =
          "${COMPLETION-CANDIDATES}: only the grid of draws from N(0, I), the report's random vectors,"
              + " or from a Gaussian mixture fitted to the posteriors of training images")
  private Source from;

  @Override
  public void run() {
    RunPipeline stages = stagesOfExistingRun();
    if (from == null) {
      stages.sample();
    } else if (from == Source.PRIOR) {
      stages.samplePrior();
    } else {
      stages.samplePosteriorMixture();
    }
  }
}
