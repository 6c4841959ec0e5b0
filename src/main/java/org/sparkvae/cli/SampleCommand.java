package org.sparkvae.cli;

import java.util.Locale;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code sample} command. */
@Command(
    name = "sample",
    description =
        "Generates 100 images with the run's seed and renders them as a grid: prior-draws.png or"
            + " posterior-mixture-draws.png in figures. Skips a grid that exists.",
    footer = {
      "  submit/sparkvae sample --run-id first --from prior",
      "  submit/sparkvae sample --run-id first --from posterior-mixture"
    })
final class SampleCommand extends ExistingRunCommand {
  /** The latent distributions that {@code --from} names. */
  enum Source {
    PRIOR,
    POSTERIOR_MIXTURE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Mixin private DataOptions data;

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      required = true,
      description =
          "Distribution of the latent variables (required). prior: standard normal."
              + " posterior-mixture: a Gaussian mixture fitted to the encoder's states of training"
              + " images.")
  private Source from;

  @Override
  public void run() {
    RunPipeline pipeline = pipeline(data.data);
    if (from == Source.PRIOR) {
      pipeline.sampleFromPrior();
    } else {
      pipeline.sampleFromPosteriorMixture();
    }
  }
}
