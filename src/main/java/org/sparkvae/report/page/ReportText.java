package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.model.ModelConfig;

/** A run's settings as a reader of the report would put them. */
final class ReportText {
  private ReportText() {}

  /** Sentences about model, training and seed. */
  static List<String> configuration(RunSummary run) {
    Settings settings = run.settings();
    Double beta = run.metrics().get("beta");
    return List.of(
        "%s: each of an image's %d rows becomes %,d latent values, %,d for an image; %s."
            .formatted(
                capitalised(model(settings)),
                ModelConfig.SIDE,
                settings.latentChannels(),
                ModelConfig.SIDE * settings.latentChannels(),
                settings.dropout() == 0
                    ? "nothing is dropped"
                    : "%s of the values are dropped after each decoder block while training"
                        .formatted(percent(settings.dropout()))),
        "Trained for %s in minibatches of %,d, with Adam at a learning rate of %s%s. The loss is the cross-entropy per pixel plus a regularisation term with λ = %s%s%s."
            .formatted(
                epochs(settings.epochs()),
                settings.batchSize(),
                settings.learningRate(),
                settings.learningRateDecay() == 1
                    ? ""
                    : ", after each epoch %s times what it was"
                        .formatted(settings.learningRateDecay()),
                settings.lambda(),
                settings.klWarmupEpochs() == 0
                    ? ""
                    : " (from 0 in epoch 1 to that in epoch %d; losses are given with all of it)"
                        .formatted(settings.klWarmupEpochs() + 1),
                beta == null
                    ? ""
                    : ", which weighs the KL divergence with β = %s where both are counted in nats per image"
                        .formatted(NumberFormatter.text(beta))),
        "%s. Seed %d.".formatted(trainer(settings), settings.seed()));
  }

  /** Which of the report's models this is. */
  static String model(Settings settings) {
    if (settings.latentChannels() == 256 && settings.dropout() == 0.01) {
      return trainedAsInTheReport(settings) + "Model 1";
    }
    return settings.latentChannels() == 16 && settings.dropout() == 0
        ? trainedAsInTheReport(settings) + "Model 2"
        : "neither of the report's models";
  }

  private static String trainedAsInTheReport(Settings settings) {
    Settings report = Settings.DEFAULTS;
    boolean alike =
        settings.lambda() == report.lambda()
            && settings.klWarmupEpochs() == report.klWarmupEpochs()
            && settings.learningRate() == report.learningRate()
            && settings.learningRateDecay() == report.learningRateDecay()
            && settings.batchSize() == report.batchSize();
    return alike ? "the report's " : "the architecture of the report's ";
  }

  /** The report's number of the figure that shows a model's reconstructions, and whose it is. */
  static String figureOfReconstructions(Settings settings) {
    return switch (settings.latentChannels()) {
      case 256 ->
          "Figure 4: the same images, reconstructed from 28×256 latent values, as in the report's Model 1";
      case 16 ->
          "Figure 5: the same images, reconstructed from 28×16 latent values, as in the report's Model 2";
      default ->
          "Figure 4: the same images, reconstructed from 28×%d latent values, which is your own setting"
              .formatted(settings.latentChannels());
    };
  }

  /** What has to be known before any number is believed; nothing if all images were used. */
  static List<String> limit(Settings settings) {
    return settings.limit() == 0
        ? List.of()
        : List.of(
            "First %,d images of each split only (--limit): only the classifier has seen more."
                .formatted(settings.limit()));
  }

  /** All settings by the names that they have on the command line. */
  static List<NameValue> settings(Settings settings) {
    List<NameValue> facts = new ArrayList<>();
    for (Map.Entry<String, Object> each : SettingsReader.values(settings).entrySet()) {
      String value = each.getValue().toString();
      boolean meansAll = value.equals("0") && List.of("limit", "workers").contains(each.getKey());
      facts.add(new NameValue(each.getKey(), meansAll ? "0 (all)" : value));
    }
    return facts;
  }

  static String epochs(int count) {
    return count == 1 ? "one epoch" : "%,d epochs".formatted(count);
  }

  private static String trainer(Settings settings) {
    String how =
        switch (settings.trainer()) {
          case SHARED -> "Trainer shared, Deeplearning4j's parameter server on Spark";
          case AVERAGING -> "Trainer averaging, which averages parameters on Spark";
          case LOCAL -> "Trainer local, one JVM without Spark";
        };
    return switch (settings.workers()) {
      case 0 -> how;
      case 1 -> how + ", one worker";
      default -> how + ", %,d workers".formatted(settings.workers());
    };
  }

  private static String percent(double share) {
    return NumberFormatter.text(share * 100) + " %";
  }

  private static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
