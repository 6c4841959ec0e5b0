package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.config.TrainerKind;
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
    Settings settings =
        settings(
            "run",
            "--latent-channels=16",
            "--dropout=0.25",
            "--lambda=2.5",
            "--kl-warmup-epochs=4",
            "--learning-rate=0.0625",
            "--learning-rate-decay=0.75",
            "--batch-size=7",
            "--epochs=3",
            "--trainer=local",
            "--workers=2",
            "--limit=1000",
            "--seed=5000000000");
    assertThat(settings)
        .isEqualTo(
            new Settings(
                16, 0.25, 2.5, 4, 0.0625, 0.75, 7, 3, TrainerKind.LOCAL, 2, 1000, 5_000_000_000L));
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

  @Test
  void readsConfigurationsFromTheJar() {
    assertThat(settings("train", "--config", "conf/model2.yaml").latentChannels()).isEqualTo(16);
  }
}
