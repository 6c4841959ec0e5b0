package org.sparkvae.cli;

import java.util.Locale;
import org.sparkvae.model.ImageReconstructor.Latent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reconstruct}. */
@Command(
    name = "reconstruct",
    description = "Decodes every image of both splits to Parquet.",
    sortOptions = false)
final class ReconstructCommand extends BaseCommand.OnRun {
  enum LatentOption {
    SAMPLE,
    MEAN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--latent",
      paramLabel = "KIND",
      defaultValue = "sample",
      description =
          "${COMPLETION-CANDIDATES}: decode a sample of each posterior, or its mean, which goes to"
              + " reconstructions-mean (default: ${DEFAULT-VALUE})")
  private LatentOption latent;

  @Override
  public void run() {
    stagesOfExistingRun().reconstruct(Latent.valueOf(latent.name()));
  }
}
