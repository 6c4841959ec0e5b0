package org.sparkvae.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.cleanup.ProcessTempDirectory;
import org.sparkvae.config.NameSuggestion;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.JvmErrors;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.run.Provenance;
import org.sparkvae.user.UnnamedUser;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point: {@code sparkvae COMMAND …}. */
@Command(
    name = "sparkvae",
    description =
        "Trains a variational auto-encoder on MNIST with Spark and Deeplearning4j, and writes a"
            + " reconstruction of every image.",
    subcommands = {
      RunCommand.class,
      DataCommand.class,
      TrainCommand.class,
      ReconstructCommand.class,
      FiguresCommand.class,
      SampleCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      PublishCommand.class,
      ExportCommand.class,
      DoctorCommand.class,
      GenerateCompletion.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  submit/sparkvae run --run-id first --config conf/quickstart.yaml",
      "  submit/sparkvae run --help"
    })
public final class Main implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Numbers in output files must not depend on the machine's locale.
    Locale.setDefault(Locale.ROOT);
    ConsoleReporter reporter = new ConsoleReporter();
    ProcessEnd end = ProcessEnd.prepare(reporter);
    // Must precede the first temporary file.
    ProcessTempDirectory.install();
    UnnamedUser.giveName();
    end.exit(commandLine(reporter, List.of(arguments)).execute(arguments));
  }

  static CommandLine commandLine(ConsoleReporter reporter, List<String> arguments) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    NumberConverters.register(commandLine);
    commandLine.getCommandSpec().usageMessage().exitCodeList(ExitCode.help());
    CommandHelp.configure(commandLine);
    for (CommandLine subcommand : commandLine.getSubcommands().values()) {
      if (subcommand.getCommand() instanceof BaseCommand command) {
        command.reporter = reporter;
        command.commandLine = "sparkvae " + String.join(" ", arguments);
      }
    }
    commandLine.setParameterExceptionHandler(
        (exception, rejected) -> {
          reporter.error(
              "%s.%s See submit/%s --help."
                  .formatted(
                      StringUtils.removeEnd(message(exception), "."),
                      suggestion(exception),
                      exception.getCommandLine().getCommandSpec().qualifiedName()));
          return ExitCode.USAGE.code();
        });
    commandLine.setExecutionStrategy(
        parsed -> {
          try {
            return new RunLast().execute(parsed);
          } catch (Error e) {
            // Picocli does not catch errors, and DL4J's threads would keep the process alive.
            throw new ExecutionException(commandLine, e.toString(), e);
          }
        });
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          LOG.error("{} failed", command.getCommandName(), exception);
          Throwable thrown = cause(exception);
          ExitCode code = ExitCode.of(thrown);
          reporter.error(
              code == ExitCode.INTERNAL_ERROR
                  ? "internal error: " + ErrorText.firstLine(thrown.toString())
                  : thrown.getMessage());
          return code.code();
        });
    return commandLine;
  }

  /** Returns a message that does not list the values of unknown options as unknown options. */
  private static String message(ParameterException exception) {
    return exception instanceof UnmatchedArgumentException unmatched
        ? "Unknown %s: '%s'"
            .formatted(
                unmatched.getUnmatched().get(0).startsWith("-") ? "option" : "argument",
                unmatched.getUnmatched().get(0))
        : exception.getMessage();
  }

  /** Returns the exception that determines the message and the exit code. */
  private static Throwable cause(Exception exception) {
    Throwable thrown = exception instanceof ExecutionException ? exception.getCause() : exception;
    return thrown instanceof SparkVaeException
        ? thrown
        : JvmErrors.find(thrown).map(Throwable.class::cast).orElse(thrown);
  }

  /** Suggests the most similar option or command, or returns an empty text. */
  private static String suggestion(ParameterException exception) {
    if (!(exception instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    CommandSpec command = exception.getCommandLine().getCommandSpec();
    String argument = unmatched.getUnmatched().get(0);
    Collection<String> names =
        argument.startsWith("-")
            ? command.options().stream().map(OptionSpec::longestName).toList()
            : command.subcommands().keySet();
    return NameSuggestion.similar(argument, names).map(" Did you mean %s?"::formatted).orElse("");
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** The version and the commit that were built. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        Provenance.program().get("spark_vae") + " " + Provenance.program().get("git_commit")
      };
    }
  }
}
