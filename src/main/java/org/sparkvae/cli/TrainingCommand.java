package org.sparkvae.cli;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
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

  @Spec CommandSpec spec;

  @Mixin private NewRunOptions run;

  @Mixin private DataOptions data;

  @Mixin final SettingOptions dataSettings = new SettingOptions(Section.DATA);

  @Mixin final SettingOptions modelSettings = new SettingOptions(Section.MODEL);

  @Mixin final SettingOptions trainingSettings = new SettingOptions(Section.TRAINING);

  final RunPipeline pipeline() {
    String id = run.runId.orElseGet(this::generateRunId);
    return new RunPipeline(
        Run.open(id, run.output, this::settings, reporter), data.data, commandLine);
  }

  private String generateRunId() {
    String id = LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP);
    reporter.runIdGenerated(id);
    return id;
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
