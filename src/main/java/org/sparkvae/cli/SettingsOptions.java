package org.sparkvae.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.exception.ConfigurationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The settings as options; they override the environment, which overrides the file. */
final class SettingsOptions {
  private static final int MOST_BYTES = 1 << 20;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "settings file, such as conf/model2.yaml (default: conf/model1.yaml's values)")
  private String config;

  @Option(
      names = "--latent-channels",
      paramLabel = "N",
      description = "latent channels per image row (default: 256)")
  Integer latentChannels;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "probability of dropping, in [0, 1) (default: 0.01)")
  Double dropout;

  @Option(
      names = "--lambda",
      paramLabel = "X",
      description = "weight of the regularisation term (default: 0.5)")
  Double lambda;

  @Option(
      names = "--kl-warmup-epochs",
      paramLabel = "N",
      description =
          "epochs over which lambda rises from 0 to its value; losses are given with all of it (default: 0)")
  Integer klWarmupEpochs;

  @Option(names = "--learning-rate", paramLabel = "X", description = "of Adam (default: 0.001)")
  Double learningRate;

  @Option(
      names = "--learning-rate-decay",
      paramLabel = "X",
      description = "factor of the learning rate after each epoch (default: 1.0)")
  Double learningRateDecay;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "images per minibatch (default: 100)")
  Integer batchSize;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "passes over the training images (default: 50)")
  Integer epochs;

  @Option(
      names = "--trainer",
      paramLabel = "KIND",
      description =
          "${COMPLETION-CANDIDATES}: the parameter server on Spark, averaging on Spark, or this JVM alone (default: shared)")
  TrainerKind trainer;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "executors to train on, 0 for all; local[*] is one (default: 0)")
  Integer workers;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "first N images of each split only (default: all)")
  Integer limit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "decides shuffling, initial weights, noise and grids (default: 42)")
  Long seed;

  /** Everything given here, in the environment and in {@code --config}, over a lower layer. */
  Settings over(SettingsReader lower) {
    if (config != null) {
      lower.file(config, text(config));
    }
    return lower.environment(System.getenv()).options(given()).settings();
  }

  private Map<String, Object> given() {
    Map<String, Object> given = new LinkedHashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName().substring(2);
      if (SettingsReader.values(Settings.DEFAULTS).containsKey(name)) {
        given.put(name, option.getValue());
      }
    }
    return given;
  }

  /** A file of the working directory, or one of those that the jar carries. */
  private static String text(String file) {
    try {
      if (Files.exists(Path.of(file))) {
        try (InputStream own = Files.newInputStream(Path.of(file))) {
          return text(file, own.readNBytes(MOST_BYTES + 1));
        }
      }
      try (InputStream stock = SettingsOptions.class.getResourceAsStream("/" + file)) {
        if (stock != null) {
          return new String(stock.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
      throw new ConfigurationException(
          "--config %s: no such file; the stock ones are conf/model1.yaml, conf/model2.yaml and conf/model1-tuned.yaml"
              .formatted(file));
    } catch (IOException e) {
      throw new ConfigurationException(
          "--config %s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }

  private static String text(String file, byte[] content) {
    if (content.length > MOST_BYTES) {
      throw new ConfigurationException(
          "--config %s: over %d KiB, which no settings file has".formatted(file, MOST_BYTES >> 10));
    }
    return new String(content, StandardCharsets.UTF_8);
  }

  static String timestamp() {
    return LocalDateTime.now(ZoneId.systemDefault())
        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss"));
  }
}
