package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sparkvae.config.Setting;
import org.sparkvae.config.SettingDeclaration;
import org.sparkvae.evaluation.Metric;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * Compares the generated reference pages with the code. {@code mvn test -Dtest=ReferencePagesTest
 * -Dupdate.docs=true} writes them.
 */
class ReferencePagesTest {
  private static final String GENERATED =
      """
      <!-- Generated: mvn test -Dtest=ReferencePagesTest -Dupdate.docs=true -->
      """;

  private final CommandLine commandLine = Main.commandLine(new ConsoleReporter(), List.of());

  @Test
  void settingsPageMatchesTheCode() throws IOException {
    StringBuilder page =
        new StringBuilder(
            GENERATED
                + """
                # Settings

                The commands `run` and `train` accept every setting in three forms. A command-line option overrides the environment
                variable, which overrides the key in the YAML file that `--config` names. The defaults train Model 1, as
                `conf/model1.yaml` does. A run stores its settings in `config.yaml`, and all other commands read them from there.

                An existing run keeps the settings that it was started with: a different value ends with exit code 2. To train
                with other settings, use another `--run-id`. An unknown option, key or `SPARKVAE_` variable also ends with exit
                code 2, and the error suggests the most similar name.

                [Commands](cli.md) lists all other options with their defaults. Spark's own settings, such as memory, are in
                [`conf/spark-defaults-local.conf`](../../conf/spark-defaults-local.conf) and
                [`conf/spark-defaults-cluster.conf`](../../conf/spark-defaults-cluster.conf).
                """);
    for (Setting.Section section : Setting.Section.values()) {
      page.append("\n## %s\n\n".formatted(new SettingOptions(section).heading()))
          .append("| option | default | YAML key | environment variable | meaning |\n")
          .append("|---|---|---|---|---|\n");
      SettingDeclaration.ALL.stream()
          .filter(setting -> setting.details().section() == section)
          .map(ReferencePagesTest::row)
          .forEach(page::append);
    }
    page.append(
        """

        [model.md](model.md) explains the loss, λ and KL warm-up. [trainers.md](trainers.md) compares the trainers.
        """);
    assertUpToDate("settings.md", page.toString());
  }

  private static String row(SettingDeclaration setting) {
    return "| `--%s %s` | `%s` | `%1$s` | `SPARKVAE_%s` | %s |\n"
        .formatted(
            setting.name(),
            setting.details().label(),
            setting.details().defaultValue(),
            setting.name().toUpperCase(Locale.ROOT).replace('-', '_'),
            setting.details().description());
  }

  @Test
  void commandsPageMatchesTheHelp() throws IOException {
    StringBuilder page =
        new StringBuilder(
            GENERATED
                + """
                # Commands

                `submit/sparkvae COMMAND` runs a command, and `submit/sparkvae COMMAND --help` prints its help. Every command
                also accepts the options of the section "Spark and launcher", which this page lists once, under `sparkvae`.
                """);
    page.append(section("sparkvae", commandLine.getUsageMessage(Ansi.OFF)));
    commandLine
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (command.getCommand() instanceof BaseCommand) {
                String help = command.getUsageMessage(Ansi.OFF);
                page.append(section(name, help.replace(CommandHelp.LAUNCHER_OPTIONS, "")));
              }
            });
    assertUpToDate("cli.md", page.toString());
  }

  private static String section(String name, String help) {
    return "\n## %s\n\n```text\n%s```\n"
        .formatted(
            name,
            help.lines()
                .map(String::stripTrailing)
                .map(line -> line + "\n")
                .collect(Collectors.joining()));
  }

  /** The tables are generated, and the text around them is written by hand. */
  @Test
  void metricsPageHasTheTablesOfTheRegistry() throws IOException {
    String page = Files.readString(Path.of("docs/reference/metrics.md"), StandardCharsets.UTF_8);
    String generated =
        Pattern.compile("(?s)(<!-- Generated: ([a-z]+) metrics .*? -->\n).*?(<!-- End -->)")
            .matcher(page)
            .replaceAll(
                table ->
                    Matcher.quoteReplacement(
                        table.group(1) + metricTable(table.group(2)) + table.group(3)));
    assertThat(generated)
        .contains(Stream.of(Metric.values()).map(ReferencePagesTest::row).toList());
    assertUpToDate("metrics.md", generated);
  }

  private static String metricTable(String prefix) {
    return Stream.of(Metric.values())
        .filter(
            metric -> metric.source().prefixes().get(0).equals(prefix.equals("run") ? "" : prefix))
        .map(ReferencePagesTest::row)
        .collect(
            Collectors.joining("", "| name | unit | meaning | better |\n|---|---|---|---|\n", ""));
  }

  private static String row(Metric metric) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            metric.id(),
            metric.unit(),
            metric.meaning(),
            metric.better().name().toLowerCase(Locale.ROOT));
  }

  @Test
  void exitCodesPageNamesEveryCode() throws IOException {
    String page = Files.readString(Path.of("docs/reference/exit-codes.md"), StandardCharsets.UTF_8);
    assertThat(page)
        .contains(Stream.of(ExitCode.values()).map(each -> "| " + each.code() + " |").toList());
  }

  private static void assertUpToDate(String name, String page) throws IOException {
    Path file = Path.of("docs/reference", name);
    if (Boolean.getBoolean("update.docs")) {
      Files.writeString(file, page, StandardCharsets.UTF_8);
    }
    assertThat(file)
        .as("mvn test -Dtest=ReferencePagesTest -Dupdate.docs=true updates this page")
        .hasContent(page);
  }
}
