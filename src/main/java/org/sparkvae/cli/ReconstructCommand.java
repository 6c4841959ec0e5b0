package org.sparkvae.cli;

import java.util.Locale;
import org.sparkvae.model.ImageReconstructor.Latent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code reconstruct} command. */
@Command(
    name = "reconstruct",
    description = "Reconstructs every image of both splits and writes them as Parquet.",
    footer = {
      "  submit/sparkvae reconstruct --run-id first",
      "  submit/sparkvae reconstruct --run-id first --latent mean"
    })
final class ReconstructCommand extends ExistingRunCommand {
  /** The values of {@code --latent}. */
  enum LatentOption {
    SAMPLE,
    MEAN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private DataOptions data;

  @Option(
      names = "--latent",
      paramLabel = "KIND",
      defaultValue = "sample",
      description =
          "${COMPLETION-CANDIDATES}: decode a sample of each posterior, or its mean. The latter goes"
              + " to reconstructions-mean (default: ${DEFAULT-VALUE}).")
  private LatentOption latent;

  @Override
  public void run() {
    pipeline(data.data).reconstruct(Latent.valueOf(latent.name()));
  }
}
