package org.sparkvae.cli;

import java.util.Map;
import org.sparkvae.run.MetricThresholds;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate}. */
@Command(
    name = "evaluate",
    description = "Measures how good a run's model is: evaluation.json, and a table.",
    sortOptions = false)
final class EvaluateCommand extends BaseCommand.OnRun {
  @Option(
      names = "--fail-above",
      paramLabel = "METRIC=VALUE",
      description =
          "end with exit code 5 if a metric of evaluation.json, such as test.loss, is above this;"
              + " repeatable")
  private Map<String, Double> failAbove = Map.of();

  @Option(
      names = "--fail-below",
      paramLabel = "METRIC=VALUE",
      description =
          "the same for one that is better when it is higher, such as test.ssim; repeatable")
  private Map<String, Double> failBelow = Map.of();

  @Option(
      names = "--importance-samples",
      paramLabel = "K",
      defaultValue = "" + RunPipeline.DRAWS,
      description =
          "draws for each image's importance-weighted bound, iwae_K (default: ${DEFAULT-VALUE})")
  private int importanceSamples;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if (importanceSamples < 1) {
      throw new ParameterException(
          spec.commandLine(), "--importance-samples %d: 1 or more".formatted(importanceSamples));
    }
    stagesOfExistingRun().evaluate(importanceSamples, new MetricThresholds(failAbove, failBelow));
  }
}
