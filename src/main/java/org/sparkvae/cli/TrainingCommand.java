package org.sparkvae.cli;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.sparkvae.config.Setting.Section;
import org.sparkvae.config.SettingDeclaration;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.run.Run;
import org.sparkvae.run.RunPipeline;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** A command that starts a run or resumes it, and so takes settings. */
abstract class TrainingCommand extends BaseCommand {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss");

  /** The number of random hexadecimal digits in a generated run ID. */
  private static final int RANDOM_DIGITS = 6;

  @Spec CommandSpec spec;

  @Mixin private NewRunOptions run;

  @Mixin private DataOptions data;

  @Mixin final SettingOptions dataSettings = new SettingOptions(Section.DATA);

  @Mixin final SettingOptions modelSettings = new SettingOptions(Section.MODEL);

  @Mixin final SettingOptions trainingSettings = new SettingOptions(Section.TRAINING);

  final RunPipeline pipeline() {
    String id = run.runId.orElseGet(TrainingCommand::generateRunId);
    if (run.runId.isEmpty()) {
      reporter.runIdGenerated(id);
    }
    return new RunPipeline(
        Run.open(id, run.output, this::settings, reporter), data.data, commandLine);
  }

  /** Returns the current time and random digits, because two jobs can start in the same second. */
  static String generateRunId() {
    return "%s-%s"
        .formatted(
            LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP),
            UUID.randomUUID().toString().substring(0, RANDOM_DIGITS));
  }

  /**
   * Returns the settings: options override the environment, which overrides {@code --config}.
   *
   * @param stored the settings of an existing run, or the defaults
   */
  final Settings settings(SettingsReader stored) {
    run.config.ifPresent(file -> stored.file(file, SettingsFile.read(file)));
    return stored.environment(System.getenv()).options(settingOptions()).settings();
  }

  private Map<String, Object> settingOptions() {
    ParseResult arguments = spec.commandLine().getParseResult();
    Map<String, Object> values = new LinkedHashMap<>();
    for (SettingDeclaration setting : SettingDeclaration.ALL) {
      Object value = arguments.matchedOptionValue("--" + setting.name(), null);
      if (value != null) {
        values.put(setting.name(), value);
      }
    }
    return values;
  }
}
