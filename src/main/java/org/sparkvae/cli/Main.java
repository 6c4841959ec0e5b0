package org.sparkvae.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.cleanup.ProcessTempDirectory;
import org.sparkvae.run.Provenance;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point: {@code sparkvae VERB …}. */
@Command(
    name = "sparkvae",
    description =
        "Trains a variational auto-encoder on MNIST with Spark and Deeplearning4j, and writes what it"
            + " makes of every image.",
    subcommands = {
      RunCommand.class,
      DataCommand.class,
      TrainCommand.class,
      ReconstructCommand.class,
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
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    footerHeading = "%nsubmit/sparkvae itself:%n",
    footer = {
      "  --master URL, or SPARK_MASTER   go through spark-submit to a cluster",
      "  --deploy-mode client|cluster    where the driver runs: here, or on the cluster",
      "  --conf spark.KEY=VALUE          a setting of Spark's, such as spark.driver.memory=8g; repeatable",
      "  --retries N                     try up to N times more what failed outside (75) or was killed",
      "  --dry-run                       print the command, after building where that has to be",
      "  JAVA_OPTS                       more options for the JVM, such as -Xmx2g"
    },
    exitCodeListHeading = "%nExit codes:%n")
public final class Main implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** For the minibatch, file or task that a signal finds under way. */
  private static final int GRACE_SECONDS = 20;

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs a verb and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // What is written has to look the same everywhere.
    Locale.setDefault(Locale.ROOT);
    ConsoleReporter reporter = new ConsoleReporter();
    Thread work = Thread.currentThread();
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (ended.getCount() > 0) {
                    reporter.interrupted();
                    work.interrupt();
                    await(ended);
                  }
                }));
    // Before the first temporary file.
    ProcessTempDirectory.enter();
    int code = commandLine(reporter, List.of(arguments)).execute(arguments);
    ended.countDown();
    // Deeplearning4j leaves threads behind that would keep the process alive.
    System.exit(code);
  }

  private static void await(CountDownLatch ended) {
    try {
      if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("what was being done has not ended within {} s", GRACE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static CommandLine commandLine(ConsoleReporter reporter, List<String> arguments) {
    CommandLine commandLine = new CommandLine(new Main(), new CommandFactory(reporter, arguments));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.getCommandSpec().usageMessage().exitCodeList(ExitCode.help());
    commandLine.setParameterExceptionHandler(
        (exception, given) -> {
          reporter.error(
              "%s%s; see %s --help"
                  .formatted(exception.getMessage(), suggestion(exception), verb(exception)));
          return ExitCode.USAGE.code();
        });
    commandLine.setExecutionStrategy(
        parsed -> {
          try {
            return new RunLast().execute(parsed);
          } catch (Error e) {
            // Picocli lets these pass, and threads of Deeplearning4j would keep the process alive.
            throw new ExecutionException(commandLine, e.toString(), e);
          }
        });
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          LOG.error("{} failed", command.getCommandName(), exception);
          Throwable thrown =
              exception instanceof ExecutionException ? exception.getCause() : exception;
          ExitCode code = ExitCode.of(thrown);
          reporter.error(
              code == ExitCode.FAULT
                  ? "a fault of the program: " + firstLine(thrown)
                  : thrown.getMessage());
          return code.code();
        });
    return commandLine;
  }

  /** The nearest option or verb to one that there is not. */
  private static String suggestion(ParameterException exception) {
    if (exception instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return "; did you mean %s?".formatted(unmatched.getSuggestions().get(0));
    }
    return "";
  }

  private static String firstLine(Throwable thrown) {
    return thrown.toString().lines().findFirst().orElse("");
  }

  private static String verb(ParameterException exception) {
    return exception.getCommandLine().getCommandSpec().qualifiedName();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb");
  }

  /** Version and commit, as the build knew them. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        Provenance.program().get("spark_vae") + " " + Provenance.program().get("git_commit")
      };
    }
  }
}
