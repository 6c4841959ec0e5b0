package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.run.EvaluationSize;
import org.sparkvae.testing.JvmProcess;
import picocli.CommandLine;

class MainTest {
  private static final String LOG = "sparkvae.log";

  @TempDir Path directory;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private PrintStream errBefore;
  private PrintStream outBefore;
  private String logBefore;

  /** Starts the logger, which may print to the console, before the console is captured. */
  @BeforeAll
  static void startLog() {
    LoggerFactory.getLogger(MainTest.class).debug("started");
  }

  @BeforeEach
  void capture() {
    errBefore = System.err;
    outBefore = System.out;
    logBefore = System.clearProperty(LOG);
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setErr(errBefore);
    System.setOut(outBefore);
    if (logBefore == null) {
      System.clearProperty(LOG);
    } else {
      System.setProperty(LOG, logBefore);
    }
  }

  private static CommandLine commandLine(String... arguments) {
    return Main.commandLine(new ConsoleReporter(), List.of(arguments));
  }

  private static int execute(String... arguments) {
    return commandLine(arguments).execute(arguments);
  }

  private String help(String... arguments) {
    StringWriter text = new StringWriter();
    CommandLine commandLine = commandLine(arguments).setOut(new PrintWriter(text, true));
    assertThat(commandLine.execute(arguments)).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    return text.toString();
  }

  /** Returns the only line of standard error. */
  private String error() {
    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).as("standard error").hasSize(1);
    assertThat(text).startsWith("sparkvae: ").endsWith(System.lineSeparator());
    return text.strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\nb", "a\u001bb", "a\u009bb", "a\u2028b", "a\0\u0007b"})
  void replacesControlCharactersInMessages(String message) {
    new ConsoleReporter().error(message);
    assertThat(error()).isEqualTo("sparkvae: a b");
    err.reset();
    new ConsoleReporter().warn(message);
    assertThat(error()).isEqualTo("sparkvae: warning: a b");
  }

  static Stream<Arguments> badCommandLines() {
    return Stream.of(
        Arguments.of(List.of(), "Missing command"),
        Arguments.of(List.of("fly"), "'fly'"),
        Arguments.of(List.of("--nothing"), "'--nothing'"),
        Arguments.of(List.of("train", "--epoch", "3"), "Did you mean --epochs?"),
        Arguments.of(List.of("trian"), "Did you mean train?"),
        Arguments.of(List.of("train", "--warm-up", "3"), "Did you mean --kl-warmup-epochs?"),
        Arguments.of(List.of("train", "--latent-size", "3"), "Did you mean --latent-channels?"),
        Arguments.of(List.of("data", "--epochs", "3"), "--epochs"),
        Arguments.of(List.of("publish", "--run-id", "a", "--epochs", "3"), "'--epochs'"),
        Arguments.of(List.of("figures"), "--run-id"),
        Arguments.of(List.of("publish", "--run-id", "a", "--keep", "0"), "--keep: expected"),
        Arguments.of(List.of("run", "--publish", "x", "--keep", "-1"), "--keep: expected"),
        Arguments.of(List.of("run", "--keep", "1"), "--keep: requires --publish"),
        Arguments.of(List.of("sample", "--run-id", "a"), "--from"),
        Arguments.of(List.of("train", "more"), "'more'"),
        Arguments.of(List.of("train", "--epochs"), "--epochs"),
        Arguments.of(List.of("train", "--epochs", "1.5"), "--epochs"),
        Arguments.of(
            List.of("train", "--epochs", "0"),
            "--epochs: expected a whole number of 1 or more, found 0."),
        Arguments.of(List.of("train", "--epochs=1", "--epochs=2"), "--epochs"),
        Arguments.of(
            List.of("train", "--dropout", "1"),
            "--dropout: expected a number in [0, 1), found 1.0."),
        Arguments.of(
            List.of("train", "--epochs", "abc"),
            "--epochs: expected a whole number of at most 2147483647, found abc."),
        Arguments.of(
            List.of("train", "--batch-size", "1e3"),
            "--batch-size: expected a whole number of at most 2147483647, found 1e3."),
        Arguments.of(
            List.of("train", "--seed", "9223372036854775808"),
            "--seed: expected a whole number of at most 9223372036854775807, found 9223372036854775808."),
        Arguments.of(
            List.of("train", "--learning-rate", "fast"),
            "--learning-rate: expected a number, found fast."),
        Arguments.of(
            List.of("train", "--learning-rate", "1e300"),
            "--learning-rate: expected a number from 1e-30 to 1e30, found "),
        Arguments.of(
            List.of("train", "--trainer", "spark"),
            "--trainer: expected shared, allreduce, averaging or local, found spark."),
        Arguments.of(
            List.of("publish", "--run-id", "a", "--keep", "few"),
            "'--keep': expected a whole number of at most 2147483647, found 'few'. See submit/"),
        Arguments.of(
            List.of("evaluate", "--run-id", "a", "--images", "2k"),
            "'--images': expected a whole number of at most 2147483647, found '2k'. See submit/"),
        Arguments.of(
            List.of("evaluate", "--run-id", "a", "--fail-above", "test.loss=low"),
            "expected a number, found 'low'. See submit/"),
        Arguments.of(List.of("reconstruct", "--latent", "median"), "--latent"),
        Arguments.of(List.of("evaluate", "--fail-above", "test.loss"), "--fail-above"),
        Arguments.of(List.of("evaluate", "--fail-below", "test.ssim=x"), "--fail-below"),
        Arguments.of(
            List.of("evaluate", "--run-id", "a", "--importance-samples", "0"),
            "--importance-samples: expected a whole number from 1 to 10000, found 0."),
        Arguments.of(
            List.of("evaluate", "--run-id", "a", "--importance-samples", "2147483647"),
            "--importance-samples: expected a whole number from 1 to 10000, found 2147483647."),
        Arguments.of(List.of("run", "--run-id", "current"), "--run-id: 'current' is the name of"),
        Arguments.of(
            List.of("run", "--run-id", "a".repeat(243)), "has 243 characters. Use at most"),
        Arguments.of(List.of("report", "--compare", "a"), "--run-id"),
        Arguments.of(
            List.of("report", "--run-id", "a", "--compare", "a"),
            "--compare: 'a' is the run itself"),
        Arguments.of(List.of("report", "--run-id", "a"), "sparkvae run --run-id a"),
        Arguments.of(List.of("train", "--config", "absent.yaml"), "absent.yaml"),
        Arguments.of(List.of("train", "--config", "/"), "--config: / cannot be read"),
        Arguments.of(List.of("run", "--run-id", "../x"), "'../x'"),
        Arguments.of(List.of("run", "--run-id", ""), "--run-id"));
  }

  @ParameterizedTest
  @MethodSource("badCommandLines")
  void rejectsBadCommandLinesWithOneLineAndCode2(List<String> arguments, String part) {
    List<String> all = new ArrayList<>(arguments);
    if (!all.isEmpty()
        && !all.get(0).startsWith("-")
        && !List.of("fly", "trian").contains(all.get(0))) {
      all.addAll(1, List.of("--output", directory.toString()));
    }
    assertThat(execute(all.toArray(String[]::new))).isEqualTo(2);
    assertThat(error()).contains(part);
    assertThat(directory).isEmptyDirectory();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void doesNotListTheValuesOfUnknownOptions() {
    execute("train", "--epoch", "3", "--batch", "x");
    assertThat(error())
        .isEqualTo(
            "sparkvae: Unknown option: '--epoch'. Did you mean --epochs? See submit/sparkvae train --help.");
  }

  @Test
  void badOptionPointsToTheHelpOfItsCommand() {
    execute("train", "--nothing");
    assertThat(error()).endsWith(". See submit/sparkvae train --help.");
  }

  @Test
  void rejectsBadConfigurationFileWithCode2() throws IOException {
    Path file = directory.resolve("my.yaml");
    Files.writeString(file, "epoch: 3\n", StandardCharsets.UTF_8);
    assertThat(execute("train", "--output", directory.toString(), "--config", file.toString()))
        .isEqualTo(2);
    assertThat(error()).contains(file.toString(), "'epoch'", "Did you mean 'epochs'");
    assertThat(directory.toFile().list()).containsExactly("my.yaml");
  }

  @Test
  void rejectsMissingDataWithCode3() {
    Path absent = directory.resolve("absent");
    assertThat(execute("data", "--data", absent.toString(), "--output", directory.toString()))
        .isEqualTo(3);
    assertThat(error()).startsWith("sparkvae: --data: " + absent + " does not exist. ");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void unwritableOutputDirectoryExitsWithCode75() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(execute("train", "--output", file.toString(), "--run-id", "one")).isEqualTo(75);
    assertThat(error()).contains(file.resolve("one").toString());
  }

  static Stream<Arguments> exceptions() {
    return Stream.of(
        Arguments.of(new ConfigurationException("this\nand that"), 2, "sparkvae: this and that"),
        Arguments.of(new InputDataException("this"), 3, "sparkvae: this"),
        Arguments.of(new DivergenceException("this"), 4, "sparkvae: this"),
        Arguments.of(new TransientException("this"), 75, "sparkvae: this"),
        Arguments.of(
            new IllegalStateException("this"),
            1,
            "sparkvae: internal error: java.lang.IllegalStateException: this"),
        Arguments.of(
            new NullPointerException(),
            1,
            "sparkvae: internal error: java.lang.NullPointerException"),
        Arguments.of(
            new IllegalStateException("a", new OutOfMemoryError("b")),
            2,
            "sparkvae: out of memory (java.lang.OutOfMemoryError: b). Use a new run with a smaller --batch-size, or more memory: --conf spark.driver.memory=8g, on a cluster also spark.executor.memory."),
        // Picocli does not catch it, and other threads would keep the process alive.
        Arguments.of(
            new NoClassDefFoundError("this"),
            1,
            "sparkvae: internal error: java.lang.NoClassDefFoundError: this"));
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void printsExceptionAsOneLineAndExitsWithItsCode(Throwable thrown, int code, String line) {
    CommandLine commandLine = commandLine("broken");
    commandLine.addSubcommand("broken", new Broken(thrown));
    assertThat(commandLine.execute("broken")).isEqualTo(code);
    assertThat(error()).isEqualTo(line);
  }

  /** A command that throws. */
  @CommandLine.Command
  private static final class Broken implements Runnable {
    private final Throwable thrown;

    private Broken(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    public void run() {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    }
  }

  @Test
  void errorNamesTheLogFile() {
    System.setProperty(LOG, "/var/log/x.log");
    execute("fly");
    assertThat(error()).endsWith(" [log: /var/log/x.log]");
  }

  @Test
  void helpListsCommandsAndExitCodes() {
    assertThat(help("--help"))
        .contains("run", "data", "train", "reconstruct", "figures", "sample", "evaluate", "report")
        .contains("publish", "export", "doctor")
        .containsPattern("(?m)^ +0 +done$")
        .containsPattern("(?m)^ +1 +internal error$")
        .containsPattern("(?m)^ +2 +usage or configuration$")
        .containsPattern("(?m)^ +3 +bad input data$")
        .containsPattern("(?m)^ +4 +training diverged")
        .containsPattern("(?m)^ +5 +a requested metric threshold")
        .containsPattern("(?m)^ +75 +a temporary external failure");
  }

  @Test
  void versionIsOneLine() {
    assertThat(help("--version").lines()).singleElement().asString().hasSizeGreaterThan(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "train"})
  void helpOfTrainingCommandsListsEverySettingWithItsDefault(String command) {
    String help = help(command, "--help");
    assertThat(help).startsWith("Usage: sparkvae " + command);
    SettingsReader.values(Settings.DEFAULTS)
        .forEach(
            (key, value) ->
                assertThat(help)
                    .containsPattern("(?m)^ +--" + key + "=")
                    .containsPattern(
                        "(?s) --%s=[^-]*(-[^-]+)*?\\(default:\\s+%s\\)".formatted(key, value)));
    assertThat(help).contains("shared", "allreduce", "averaging", "local", "(default: runs)");
  }

  /** The options of each command besides {@code --help}. */
  static Stream<Arguments> options() {
    String settings =
        "run-id output config data "
            + String.join(" ", SettingsReader.values(Settings.DEFAULTS).keySet());
    return Stream.of(
        Arguments.of("run", settings + " publish keep"),
        Arguments.of("train", settings),
        Arguments.of("data", "output data"),
        Arguments.of("reconstruct", "run-id output data latent"),
        Arguments.of("figures", "run-id output data"),
        Arguments.of("sample", "run-id output data from"),
        Arguments.of(
            "evaluate", "run-id output data fail-above fail-below images importance-samples"),
        Arguments.of("report", "run-id output compare"),
        Arguments.of("publish", "run-id output to keep"),
        Arguments.of("export", "run-id output"),
        Arguments.of("doctor", "output"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void helpListsOnlyTheOptionsThatTheCommandUses(String command, String options) {
    String help = help(command, "--help");
    String programOptions = help.substring(0, help.indexOf("\nSpark and launcher"));
    assertThat(
            Pattern.compile("(?m)^ +(?:-h, )?--([a-z-]+)")
                .matcher(programOptions)
                .results()
                .map(match -> match.group(1)))
        .containsExactlyInAnyOrder((options + " help").split(" "));
    assertThat(help).contains("--master=URL");
    assertThat(help).containsPattern("\nExamples:\n +submit/sparkvae (.*)?" + command + "\\b");
    assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void helpListsValuesAndDefaultsOfOptions() {
    assertThat(help("reconstruct", "--help"))
        .contains("sample, mean: ")
        .containsPattern("\\(default:\\s+sample\\)");
    assertThat(help("evaluate", "--help"))
        .containsPattern(
            "\\(default:\\s+%d\\)".formatted(EvaluationSize.DEFAULT.importanceSamples()));
    assertThat(help("doctor", "--help")).contains("(default: runs)");
  }

  @Test
  void helpGroupsOptionsUnderHeadings() {
    assertThat(help("run", "--help"))
        .containsSubsequence(
            "\nRun:\n", "\nData:\n", "\nModel:\n", "\nTraining:\n", "\nPublishing:\n", "\nSpark ");
  }

  @Test
  void helpFitsInto80Columns() {
    assertThat(help("--help").lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  /** Runs in a process of its own, because a JVM cannot change its environment. */
  @Test
  void readsTheEnvironmentAndExitsWithTheCode() throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    Path errors = directory.resolve("errors");
    ProcessBuilder builder =
        JvmProcess.of(
                Main.class,
                List.of(
                    "-Dsparkvae.log=" + log, "-Dlog4j2.configurationFile=conf/log4j2.properties"),
                "train",
                "--output",
                directory.resolve("runs").toString())
            .redirectError(errors.toFile());
    builder.environment().put("SPARKVAE_EPOCHS", "0");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
      assertThat(Files.readString(errors, StandardCharsets.UTF_8))
          .contains(
              "sparkvae: environment variable SPARKVAE_EPOCHS: expected a whole number of 1 or more,"
                  + " found 0. [log: "
                  + log
                  + "]");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void missingDataLeavesNoRun() {
    assertThat(
            execute(
                "train",
                "--output",
                directory.resolve("runs").toString(),
                "--run-id",
                "one",
                "--epochs",
                "4",
                "--data",
                directory.resolve("absent").toString()))
        .isEqualTo(3);
    assertThat(directory.resolve("runs")).doesNotExist();
  }

  @Test
  void commandReceivesTheCommandLine() {
    CommandLine commandLine = commandLine("train", "--epochs", "4");
    BaseCommand train = commandLine.getSubcommands().get("train").getCommand();
    assertThat(train.commandLine).isEqualTo("sparkvae train --epochs 4");
  }
}
