package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sparkvae.config.SettingDeclaration;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.image.ImageShape;

/** The sentences of the page that describe a run's settings. */
final class ReportText {
  /** The settings that can differ from their defaults in a run of Model 1 or Model 2. */
  private static final Set<String> NOT_FIXED =
      Set.of("latent-channels", "dropout", "epochs", "trainer", "workers", "limit", "seed");

  private ReportText() {}

  /** Returns paragraphs about the model, its training and the seed. */
  static List<String> describe(RunSummary run) {
    Settings settings = run.settings();
    Double beta = run.metrics().get(Metric.BETA.id());
    return List.of(
        "%s: each of an image's %d rows is encoded as %,d latent values, %,d per image. %s"
            .formatted(
                model(settings),
                ImageShape.ROWS,
                settings.latentChannels(),
                ImageShape.ROWS * settings.latentChannels(),
                settings.dropout() == 0
                    ? "There is no dropout."
                    : "During training, %s of the values are dropped after each decoder block."
                        .formatted(percent(settings.dropout()))),
        "Trained for %s in minibatches of %,d, with Adam at a learning rate of %s%s. The loss is the cross-entropy per pixel plus a regularization term with λ = %s.%s%s"
            .formatted(
                epochs(settings.epochs()),
                settings.batchSize(),
                settings.learningRate(),
                settings.learningRateDecay() == 1
                    ? ""
                    : ", multiplied by %s after each epoch".formatted(settings.learningRateDecay()),
                settings.lambda(),
                settings.klWarmupEpochs() == 0
                    ? ""
                    : " KL warm-up raises λ from 0 in epoch 1 to its full value in epoch %d. Reported losses use the full value."
                        .formatted(settings.klWarmupEpochs() + 1),
                beta == null
                    ? ""
                    : " With both terms in nats per image, the KL divergence has the weight β = %s."
                        .formatted(NumberFormatter.text(beta))),
        "Trainer: %s. Precision setting: %s. Seed: %d."
            .formatted(trainer(settings), settings.precision(), settings.seed()));
  }

  /** Returns which of the reference report's models the settings describe. */
  private static String model(Settings settings) {
    if (settings.latentChannels() == 256 && settings.dropout() == 0.01) {
      return referenceModel(settings, "Model 1");
    }
    return settings.latentChannels() == 16 && settings.dropout() == 0
        ? referenceModel(settings, "Model 2")
        : "A custom model, different from both models of the reference report";
  }

  private static String referenceModel(Settings settings, String name) {
    Map<String, Object> different = SettingsReader.values(settings);
    different.entrySet().removeAll(SettingsReader.values(Settings.DEFAULTS).entrySet());
    return (NOT_FIXED.containsAll(different.keySet())
            ? "The reference report's "
            : "The architecture of the reference report's ")
        + name;
  }

  /** Returns the caption of the reconstructions, numbered as in the reference report. */
  static String reconstructionsCaption(Settings settings) {
    int channels = settings.latentChannels();
    return "Figure %d: reconstructions of the same images from %d×%d latent values, %s"
        .formatted(
            channels == 16 ? 5 : 4,
            ImageShape.ROWS,
            channels,
            switch (channels) {
              case 256 -> "as in the reference report's Model 1";
              case 16 -> "as in the reference report's Model 2";
              default -> "a custom setting";
            });
  }

  /** Returns a note on the limited number of images, or nothing if the run used all images. */
  static List<String> limitNote(RunSummary run) {
    int limit = run.settings().limit();
    return limit == 0 || limit > run.epochs().get(0).images()
        ? List.of()
        : List.of(
            "This run used only the first %,d images of each split (--limit). Only the classifier was trained on more images."
                .formatted(limit));
  }

  /** Returns all settings with their names on the command line. */
  static List<NameValue> settings(Settings settings) {
    List<NameValue> nameValues = new ArrayList<>();
    Map<String, Object> values = SettingsReader.values(settings);
    for (SettingDeclaration setting : SettingDeclaration.ALL) {
      String value = values.get(setting.name()).toString();
      boolean isAll = value.equals("0") && setting.details().zeroMeansAll();
      nameValues.add(new NameValue(setting.name(), isAll ? "0 (all)" : value));
    }
    return nameValues;
  }

  static String epochs(int count) {
    return count == 1 ? "one epoch" : "%,d epochs".formatted(count);
  }

  private static String trainer(Settings settings) {
    String trainer =
        switch (settings.trainer()) {
          case SHARED -> "shared (Deeplearning4j's parameter server on Spark)";
          case ALLREDUCE -> "allreduce (each minibatch split over the executors)";
          case AVERAGING -> "averaging (parameter averaging on Spark)";
          case LOCAL -> "local (one JVM, without Spark)";
        };
    return switch (settings.workers()) {
      case 0 -> trainer;
      case 1 -> trainer + ", one worker";
      default -> trainer + ", %,d workers".formatted(settings.workers());
    };
  }

  private static String percent(double share) {
    return NumberFormatter.text(share * 100) + " %";
  }
}
