package org.sparkvae.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The layout of the help: options under headings, then the options of the launcher, then examples.
 */
final class CommandHelp {
  private static final String LAUNCHER_SECTION = "launcher";

  /** The help of the options that {@code submit/sparkvae} itself reads. */
  static final String LAUNCHER_OPTIONS =
      """

      Spark and launcher (before or after the command):
            --master=URL         Spark master, such as spark://HOST:7077, yarn or
                                   local[2] (default: $SPARK_MASTER, else local[*]).
            --deploy-mode=MODE   Where the driver runs. client: on this machine.
                                   cluster: on the cluster (default: client).
            --conf=spark.KEY=VALUE
                                 Spark setting, such as spark.driver.memory=8g.
                                   Repeatable.
            --retries=N          Retry up to N times after exit code 75 or if the JVM
                                   was killed or crashed (default: 0).
            --dry-run            Build the jar if necessary, print the resulting
                                   command and exit.
      Environment: JAVA_HOME, JAVA_OPTS (JVM options, such as -Xmx2g), SPARK_HOME
      (a Spark installation to submit with), SPARK_MASTER, and SPARKVAE_EPOCHS and
      so on for the settings of run and train.
      """;

  private CommandHelp() {}

  /** Sets the layout of the help of the program and of its commands. */
  static void configure(CommandLine program) {
    // Picocli passes the list of sections on to the commands.
    List<String> sections = new ArrayList<>(program.getHelpSectionKeys());
    sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), LAUNCHER_SECTION);
    program.setHelpSectionKeys(sections);
    program.getHelpSectionMap().put(LAUNCHER_SECTION, help -> LAUNCHER_OPTIONS);
    for (CommandLine command : program.getSubcommands().values()) {
      if (command.getCommand() instanceof BaseCommand) {
        configureCommand(command);
      }
    }
  }

  private static void configureCommand(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .optionListHeading("")
        .footerHeading("%nExamples:%n");
    command
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandHelp::optionSections);
    command.getHelpSectionMap().put(LAUNCHER_SECTION, help -> LAUNCHER_OPTIONS);
  }

  private static String optionSections(Help help) {
    CommandSpec command = help.commandSpec();
    Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
    for (CommandSpec mixin : command.mixins().values()) {
      if (mixin.userObject() instanceof OptionSection section) {
        sections
            .computeIfAbsent(section.heading(), heading -> new ArrayList<>())
            .addAll(mixin.options());
      }
    }
    List<OptionSpec> others = new ArrayList<>(command.options());
    sections.values().forEach(others::removeAll);
    sections.put("Options", others);
    StringBuilder text = new StringBuilder();
    sections.forEach((heading, options) -> text.append(section(help, heading, options)));
    return text.toString();
  }

  private static String section(Help help, String heading, List<OptionSpec> options) {
    options.sort(Comparator.comparingInt(OptionSpec::order));
    Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.parameterLabelRenderer());
    return "%n%s:%n".formatted(heading) + layout;
  }
}
