package org.sparkvae.cli;

import java.util.Map;
import org.sparkvae.run.EvaluationSize;
import org.sparkvae.run.MetricThresholds;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code evaluate} command. */
@Command(
    name = "evaluate",
    description =
        "Computes the metrics of a run's model, prints them as a table and writes them to the file"
            + " evaluation.json.",
    footer = {
      "  submit/sparkvae evaluate --run-id first --fail-above test.loss=0.2 \\",
      "      --fail-below test.classifier_accuracy=0.95"
    })
final class EvaluateCommand extends ExistingRunCommand {
  @Mixin private DataOptions data;

  @Option(
      names = "--fail-above",
      paramLabel = "METRIC=VALUE",
      description =
          "Exit with code 5 if a metric of evaluation.json, such as test.loss, is above VALUE."
              + " Repeatable.")
  private Map<String, Double> failAbove = Map.of();

  @Option(
      names = "--fail-below",
      paramLabel = "METRIC=VALUE",
      description = "Exit with code 5 if a metric, such as test.ssim, is below VALUE. Repeatable.")
  private Map<String, Double> failBelow = Map.of();

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Images of each split, from 200 to 10000, for the metrics that encode, generate or classify"
              + " images. More images give more precise metrics (default: ${DEFAULT-VALUE}).")
  private int images = EvaluationSize.DEFAULT.images();

  @Option(
      names = "--importance-samples",
      paramLabel = "K",
      description =
          "Samples per image, from 1 to 10000, for the importance-weighted bound, metrics train.iwae_K_nats_per_image and test.iwae_K_nats_per_image (default:"
              + " ${DEFAULT-VALUE}).")
  private int importanceSamples = EvaluationSize.DEFAULT.importanceSamples();

  @Override
  public void run() {
    RunPipeline pipeline = pipeline(data.data);
    pipeline.evaluate(
        new EvaluationSize(images, importanceSamples), new MetricThresholds(failAbove, failBelow));
  }
}
