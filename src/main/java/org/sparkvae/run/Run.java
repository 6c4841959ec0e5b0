package org.sparkvae.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.storage.Storage;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/**
 * A run's directory, its settings, and whom to tell.
 *
 * @param id the directory's name
 * @param output the directory that holds the runs
 * @param directory of this run
 */
public record Run(
    String id, Storage output, Storage directory, Settings settings, Reporter reporter) {
  static final String CONFIGURATION = "config.yaml";
  static final String PROVENANCE = "provenance.json";
  static final String CHECKPOINTS = "checkpoints";
  static final String HISTORY = "history.csv";
  static final String MODEL = "model.zip";
  static final String RECONSTRUCTIONS = "reconstructions";
  static final String FIGURES = "figures";
  static final String EVALUATION = "evaluation.json";
  static final String REPORT = "report.html";
  static final String WEIGHTS = "model.safetensors";
  static final String DESCRIPTION = "model.json";
  static final String SUCCESS = "_SUCCESS";

  /** What a finished run has, whatever somebody deleted to have it made anew. */
  private static final List<String> OUTPUTS =
      Stream.concat(
              Stream.of(HISTORY, MODEL, RECONSTRUCTIONS, EVALUATION, REPORT),
              FigureStage.ALWAYS.stream().map(png -> FIGURES + "/" + png))
          .toList();

  /** Runs that a message names at most. */
  private static final int NAMED = 10;

  /**
   * Opens a run, which need not have begun.
   *
   * @param settings layers of which all but the lowest, the run's own file, have been given
   * @throws ConfigurationException if the run exists with other settings, naming the first of them
   */
  public static Run open(String id, String output, SettingsLayers settings, Reporter reporter) {
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._+-]*")) {
      throw new ConfigurationException(
          "--run-id: '%s' is not a name of letters, digits and . _ + -".formatted(id));
    }
    Storage runs = Storage.at(output, new Configuration());
    Storage directory = runs.in(id);
    if (!directory.has(CONFIGURATION)) {
      Settings fresh = settings.over(new SettingsReader());
      return new Run(id, runs, directory, fresh, reporter);
    }
    Settings asked = settings.over(ownSettings(directory));
    Run run = new Run(id, runs, directory, asked, reporter);
    run.checkBegunAlike();
    return run;
  }

  /** Settings from the command line, the environment and a file, waiting for what lies below. */
  @FunctionalInterface
  public interface SettingsLayers {
    Settings over(SettingsReader lower);
  }

  /**
   * Writes down the settings, unless that was done before.
   *
   * @throws ConfigurationException if another process did, with others
   */
  void begin() {
    if (directory.has(CONFIGURATION)) {
      checkBegunAlike();
    } else {
      directory.writeText(CONFIGURATION, SettingsReader.yaml(settings));
    }
  }

  private void checkBegunAlike() {
    Settings own = ownSettings(directory).settings();
    if (!own.equals(settings)) {
      throw new ConfigurationException(
          "run '%s' was begun with %s; choose another --run-id"
              .formatted(id, difference(own, settings)));
    }
  }

  private static SettingsReader ownSettings(Storage directory) {
    return new SettingsReader()
        .file(directory.path(CONFIGURATION), directory.readText(CONFIGURATION));
  }

  /**
   * Makes sure that there is such a run at all.
   *
   * @throws ConfigurationException if there is not, naming those that there are
   */
  void requireBegun() {
    if (!directory.has(CONFIGURATION)) {
      List<String> others =
          output.directories().stream()
              .filter(name -> !name.equals(PublishStage.CURRENT))
              .filter(name -> output.in(name).has(CONFIGURATION))
              .limit(NAMED)
              .toList();
      throw new ConfigurationException(
          "there is no run '%s' in %s; %s"
              .formatted(
                  id,
                  output,
                  others.isEmpty()
                      ? "begin it with: run --run-id " + id
                      : "there are: " + String.join(", ", others)));
    }
  }

  /**
   * Makes sure that an earlier stage has done its part.
   *
   * @throws ConfigurationException if it has not, naming the verb that does it
   */
  void require(String output, String verb) {
    requireBegun();
    if (!directory.has(output)) {
      throw new ConfigurationException(
          "run '%s' has no %s yet; make it with: %s --run-id %s".formatted(id, output, verb, id));
    }
  }

  /** Whether everything was made, and is still there. */
  public boolean isComplete() {
    return directory.has(SUCCESS) && OUTPUTS.stream().allMatch(directory::has);
  }

  ModelConfig architecture() {
    return ModelConfig.of(settings);
  }

  /** SHA-256 of {@code model.zip}; the same model has the same. */
  String modelChecksum() {
    return directory.read(MODEL, DigestUtils::sha256Hex);
  }

  /**
   * The final model, with the layers that this build runs.
   *
   * @throws InputDataException if the file is not the model of this run's settings
   */
  ComputationGraph model() {
    try {
      return VaeGraph.forThisBuild(ModelFile.read(directory.readBytes(MODEL)), architecture());
    } catch (InputDataException damaged) {
      throw damaged(MODEL, damaged);
    }
  }

  /**
   * A model that was found in one of the run's files, with the layers that this build runs.
   *
   * @throws InputDataException if it is not one of this run's settings
   */
  ComputationGraph ofItsSettings(ComputationGraph model, String file) {
    try {
      return VaeGraph.forThisBuild(model, architecture());
    } catch (InputDataException other) {
      throw new InputDataException(
          "%s: %s; put it back from a copy, or choose another --run-id"
              .formatted(directory.path(file), other.getMessage()),
          other);
    }
  }

  /** What to throw where a file is gone that nothing is left to make anew from. */
  InputDataException lost(String file) {
    return new InputDataException(
        "%s is gone, and so is the checkpoint it could be made from; put it back from a copy, or begin another run"
            .formatted(directory.path(file)));
  }

  /**
   * The epochs trained: all that the run was to have.
   *
   * @throws InputDataException if the file is not what this program writes
   */
  List<EpochRecord> history() {
    try {
      List<EpochRecord> epochs = History.parse(directory.readText(HISTORY));
      if (!epochs.stream().allMatch(EpochRecord::canBeDrawn)) {
        throw new IllegalArgumentException("an infinite value");
      }
      if (epochs.size() == settings.epochs()) {
        return epochs;
      }
      throw new IllegalArgumentException(
          "%d epochs of %d".formatted(epochs.size(), settings.epochs()));
    } catch (IllegalArgumentException damaged) {
      throw damaged(HISTORY, damaged);
    }
  }

  private InputDataException damaged(String file, RuntimeException how) {
    return new InputDataException(
        "%s is damaged (%s); put it back from a copy, or delete it and make it anew from the last checkpoint with: train --run-id %s"
            .formatted(
                directory.path(file),
                String.valueOf(how.getMessage()).lines().findFirst().orElse(""),
                id),
        how);
  }

  private static String difference(Settings own, Settings asked) {
    Map<String, Object> before = new TreeMap<>(SettingsReader.values(own));
    Map<String, Object> after = SettingsReader.values(asked);
    return before.entrySet().stream()
        .filter(each -> !each.getValue().equals(after.get(each.getKey())))
        .map(
            each ->
                "%s=%s, not %s".formatted(each.getKey(), each.getValue(), after.get(each.getKey())))
        .findFirst()
        .orElseThrow();
  }
}
