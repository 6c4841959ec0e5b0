package org.sparkvae.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.lang3.StringUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.storage.Storage;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.History;

/**
 * A run: its directory, its settings and its reporter.
 *
 * @param id the run ID, which is the name of the run's directory
 * @param output the directory that contains all runs
 * @param directory the directory of this run
 * @param settings the resolved settings
 * @param reporter the receiver of messages and progress
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

  /** Exists while the report does not yet show outputs that have changed. */
  private static final String REPORT_OUTDATED = "_report-outdated";

  /** The files and directories that a complete run must have. */
  private static final List<String> OUTPUTS =
      Stream.concat(
              Stream.of(HISTORY, MODEL, RECONSTRUCTIONS, EVALUATION, REPORT),
              FigureStage.REQUIRED.stream().map(png -> FIGURES + "/" + png))
          .toList();

  /** The maximum number of runs that an error message lists. */
  private static final int MAX_LISTED_RUNS = 10;

  /**
   * Opens an existing or a new run. Nothing is written.
   *
   * @param settings adds the command line, the environment and the settings file to those in the
   *     run's {@code config.yaml}, or to none for a new run
   * @throws ConfigurationException if the ID is invalid, or if the run exists with different
   *     settings; the message names the first one that differs
   */
  public static Run open(
      String id, String output, Function<SettingsReader, Settings> settings, Reporter reporter) {
    RunId.check(id);
    Storage runs = Storage.at(output);
    Storage directory = runs.child(id);
    if (!directory.exists(CONFIGURATION)) {
      return new Run(id, runs, directory, settings.apply(new SettingsReader()), reporter);
    }
    Settings requested = settings.apply(storedSettings(directory));
    Run run = new Run(id, runs, directory, requested, reporter);
    run.requireSameSettings();
    return run;
  }

  /**
   * Writes {@code config.yaml} unless it exists.
   *
   * @throws ConfigurationException if it exists with different settings
   */
  void writeSettings() {
    if (directory.exists(CONFIGURATION)) {
      requireSameSettings();
    } else {
      directory.writeText(CONFIGURATION, SettingsReader.yaml(settings));
    }
  }

  private void requireSameSettings() {
    Settings stored = storedSettings(directory).settings();
    if (!stored.equals(settings)) {
      throw new ConfigurationException(
          "Run '%s' was started with %s. Use another --run-id, or the same settings."
              .formatted(id, firstDifference(stored, settings)));
    }
  }

  /**
   * Reads the settings of an existing run.
   *
   * @throws ConfigurationException if one is invalid; the message names the version that created
   *     the run if it is another one than this version
   */
  private static SettingsReader storedSettings(Storage directory) {
    SettingsReader stored = new SettingsReader();
    try {
      stored.file(directory.path(CONFIGURATION), directory.readText(CONFIGURATION)).settings();
      return stored;
    } catch (ConfigurationException e) {
      String reason = StringUtils.substringBefore(e.getMessage(), ". Did you mean");
      throw Provenance.otherVersion(directory)
          .map(
              version ->
                  new ConfigurationException(
                      "%s. The run was created by %s, but this is %s. Use the version that created the run."
                          .formatted(
                              StringUtils.removeEnd(reason, "."),
                              version,
                              Provenance.thisVersion()),
                      e))
          .orElse(e);
    }
  }

  /**
   * Requires that the run exists.
   *
   * @throws ConfigurationException if it does not; the message lists existing runs
   */
  void requireExists() {
    if (!directory.exists(CONFIGURATION)) {
      List<String> others =
          output.listDirectories().stream()
              .filter(name -> !name.equals(PublishStage.CURRENT))
              .filter(name -> output.child(name).exists(CONFIGURATION))
              .limit(MAX_LISTED_RUNS)
              .toList();
      throw new ConfigurationException(
          "Run '%s' does not exist in %s. %s"
              .formatted(
                  id,
                  output,
                  others.isEmpty()
                      ? "Create it with: " + commandLine("run")
                      : "Existing runs: " + String.join(", ", others) + "."));
    }
  }

  /**
   * Requires an output of an earlier stage.
   *
   * @param output name of the file or directory
   * @param command the command that creates it
   * @throws ConfigurationException if the output or the run is missing
   */
  void requireOutput(String output, String command) {
    requireExists();
    if (!directory.exists(output)) {
      throw new ConfigurationException(
          "Run '%s' has no %s in %s. Create it with: %s"
              .formatted(id, output, directory, commandLine(command)));
    }
  }

  /** Returns the command line that executes a command on this run, for advice in messages. */
  String commandLine(String command) {
    return "submit/sparkvae %s --run-id %s --output %s".formatted(command, id, output);
  }

  /** Returns whether the run finished and all of its outputs still exist and are up to date. */
  public boolean isComplete() {
    return directory.exists(SUCCESS)
        && OUTPUTS.stream().allMatch(directory::exists)
        && !isReportOutdated();
  }

  /**
   * Records that an existing report must be written again. Call it before an output changes that
   * the report shows: if the process is killed, the next command then updates the report.
   */
  void markReportOutdated() {
    if (directory.exists(REPORT)) {
      directory.writeText(REPORT_OUTDATED, "");
    }
  }

  /** Returns whether outputs have changed since the report was written. */
  boolean isReportOutdated() {
    return directory.exists(REPORT_OUTDATED);
  }

  /** Records that the report shows the current outputs. */
  void markReportUpToDate() {
    directory.delete(REPORT_OUTDATED);
  }

  /** Returns the model's configuration from the settings. */
  ModelConfig modelConfig() {
    return ModelConfig.of(settings);
  }

  /** Returns the SHA-256 checksum of {@code model.zip}, which identifies the model. */
  String modelChecksum() {
    return directory.read(MODEL, DigestUtils::sha256Hex);
  }

  /**
   * Reads the final model and converts it to the layers of this build (CPU or GPU).
   *
   * @throws InputDataException if the file is damaged or does not match the run's settings
   */
  ComputationGraph model() {
    ComputationGraph model;
    try {
      model = ModelFile.read(directory.readBytes(MODEL));
    } catch (InputDataException damaged) {
      throw damaged(MODEL, damaged);
    }
    return convertModel(model, MODEL);
  }

  /**
   * Converts a model from one of the run's files to the layers of this build (CPU or GPU).
   *
   * @param file the file that contained the model
   * @throws InputDataException if the model does not match the run's settings
   */
  ComputationGraph convertModel(ComputationGraph model, String file) {
    try {
      return VaeGraph.forThisBuild(model, modelConfig());
    } catch (InputDataException mismatch) {
      throw new InputDataException(
          "%s: %s. Restore it from a copy, or use another --run-id."
              .formatted(directory.path(file), mismatch.getMessage()),
          mismatch);
    }
  }

  /** Returns the exception for a missing file that cannot be rebuilt from a checkpoint. */
  InputDataException unrecoverable(String file) {
    return new InputDataException(
        "%s is missing and cannot be rebuilt from a checkpoint. Restore it from a copy, or start another run."
            .formatted(directory.path(file)));
  }

  /**
   * Reads {@code history.csv}, with as many records as the setting {@code epochs}.
   *
   * @throws InputDataException if the file is damaged or has another number of epochs
   */
  List<EpochRecord> history() {
    try {
      List<EpochRecord> epochs = History.parse(directory.readText(HISTORY));
      if (!epochs.stream().allMatch(EpochRecord::canBePlotted)) {
        throw new IllegalArgumentException("it contains an infinite value");
      }
      if (epochs.size() == settings.epochs()) {
        return epochs;
      }
      throw new IllegalArgumentException(
          "found %d epochs, expected %d".formatted(epochs.size(), settings.epochs()));
    } catch (IllegalArgumentException damaged) {
      throw damaged(HISTORY, damaged);
    }
  }

  private InputDataException damaged(String file, RuntimeException cause) {
    return new InputDataException(
        "%s is damaged (%s). Restore it from a copy, or delete it and rebuild it from the last checkpoint with: %s"
            .formatted(directory.path(file), ErrorText.firstLine(cause), commandLine("train")),
        cause);
  }

  private static String firstDifference(Settings stored, Settings requested) {
    Map<String, Object> expected = new TreeMap<>(SettingsReader.values(stored));
    Map<String, Object> found = SettingsReader.values(requested);
    return expected.entrySet().stream()
        .filter(setting -> !setting.getValue().equals(found.get(setting.getKey())))
        .map(
            setting ->
                "%s=%s, found %s"
                    .formatted(setting.getKey(), setting.getValue(), found.get(setting.getKey())))
        .findFirst()
        .orElseThrow();
  }
}
