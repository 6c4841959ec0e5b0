package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.config.NonDefaults;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import picocli.CommandLine;

class TrainingCommandTest {
  @TempDir Path directory;

  /** Returns the settings that result from a command line. */
  private static Settings settings(String... arguments) {
    CommandLine commandLine = Main.commandLine(new ConsoleReporter(), List.of(arguments));
    commandLine.parseArgs(arguments);
    TrainingCommand command = commandLine.getSubcommands().get(arguments[0]).getCommand();
    return command.settings(new SettingsReader());
  }

  @Test
  void acceptsEverySettingAsOption() {
    String[] arguments =
        Stream.concat(
                Stream.of("run"),
                NonDefaults.VALUES.entrySet().stream()
                    .map(option -> "--%s=%s".formatted(option.getKey(), option.getValue())))
            .toArray(String[]::new);
    assertThat(SettingsReader.values(settings(arguments))).isEqualTo(NonDefaults.VALUES);
  }

  @Test
  void absentOptionsKeepTheDefaults() {
    assertThat(settings("train")).isEqualTo(Settings.DEFAULTS);
    assertThat(settings("train", "--seed", "7").seed()).isEqualTo(7);
  }

  @Test
  void optionsOverrideTheConfigurationFile() throws IOException {
    Path file = directory.resolve("my.yaml");
    Files.writeString(file, "epochs: 3\nbatch-size: 10\n", StandardCharsets.UTF_8);
    Settings settings = settings("train", "--epochs", "4", "--config", file.toString());
    assertThat(settings.epochs()).isEqualTo(4);
    assertThat(settings.batchSize()).isEqualTo(10);
  }

  /** Two jobs can start in the same second. */
  @Test
  void generatedRunIdsAreUniqueAndSortedByTime() {
    String id = TrainingCommand.generateRunId();
    assertThat(id).matches("20\\d\\d-\\d\\d-\\d\\dT\\d{6}-[0-9a-f]{6}");
    assertThat(Stream.generate(TrainingCommand::generateRunId).limit(20)).doesNotHaveDuplicates();
  }

  @Test
  void readsConfigurationsFromTheJar() {
    assertThat(settings("train", "--config", "conf/model2.yaml").latentChannels()).isEqualTo(16);
  }
}
