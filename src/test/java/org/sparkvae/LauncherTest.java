package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code submit/sparkvae} makes of its words, with a java that only writes down its own. */
@Timeout(60)
class LauncherTest {
  /** Ends as the next line of {@code ends} says: a code, a signal that kills it, or not at all. */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      cd "$(dirname "$0")/../.."
      n=$(($(ls java-* 2>/dev/null | wc -l) + 1))
      printf '%s\\n' "$@" >writing
      echo $$ >pid
      mv writing "java-$n"
      end=$(sed -n "${n}p" ends)
      case $end in
        hang) exec /bin/sleep 300 ;;
        [A-Z]*) kill -s "$end" $$ ;;
        *) exit "$end" ;;
      esac
      """;

  private static final String SLEEP =
      """
      #!/usr/bin/env bash
      cd "$(dirname "$0")/../.."
      echo $$ >pid
      echo "$1" >>pauses
      [[ ! -e hang-in-pause ]] || exec /bin/sleep 300
      """;

  private static final String CLUSTER = "conf/spark-defaults-cluster.conf";
  private static final String AUTHENTICATED = "conf/spark-authenticated.conf";

  @TempDir Path home;
  private Process launcher;

  @BeforeEach
  void aBuiltProject() throws IOException {
    executable("submit/sparkvae", Files.readString(Path.of("submit/sparkvae")));
    executable("fake/bin/java", JAVA);
    executable("fake/bin/sleep", SLEEP);
    write("conf/jvm-options", "# A comment.\n-Dours=1\n");
    for (String settings : List.of("conf/spark-defaults-local.conf", CLUSTER, AUTHENTICATED)) {
      write(settings, Files.readString(Path.of(settings)));
    }
    write("conf/mnist-mirrors.txt", "");
    write("pom.xml", "");
    write("src/main/nothing", "");
    write("target/lib/one.jar", "");
    write("target/spark-vae.jar", "");
    write("target/jars-complete", "");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (launcher != null && launcher.isAlive()) {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
      throw new AssertionError("the launcher still ran");
    }
    if (Files.exists(home.resolve("pid"))) {
      long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Files.writeString(home.resolve(file), text, StandardCharsets.UTF_8);
  }

  private void executable(String file, String text) throws IOException {
    write(file, text);
    assertThat(home.resolve(file).toFile().setExecutable(true)).isTrue();
  }

  private void permissions(String file, String mode) throws IOException {
    Files.setPosixFilePermissions(home.resolve(file), PosixFilePermissions.fromString(mode));
  }

  private void start(String... words) throws IOException {
    // Maven in the background of a script is deaf to SIGINT, and so would this be.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(home.resolve("submit/sparkvae").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(home.resolve("output").toFile())
            .redirectError(home.resolve("errors").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK"));
    builder.environment().remove("JAVA_OPTS");
    builder.environment().put("JAVA_HOME", home.resolve("fake").toString());
    builder.environment().merge("PATH", home.resolve("fake/bin") + ":", (old, bin) -> bin + old);
    builder.environment().put("XDG_STATE_HOME", home.resolve("state").toString());
    launcher = builder.start();
  }

  private int run(String... words) throws Exception {
    start(words);
    return end();
  }

  private int end() throws Exception {
    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return launcher.exitValue();
  }

  private void javaEnds(String... ends) throws IOException {
    write("ends", String.join("\n", ends) + "\n");
  }

  private int attempts() {
    int attempts = 0;
    while (Files.exists(home.resolve("java-" + (attempts + 1)))) {
      attempts++;
    }
    return attempts;
  }

  private List<String> words(int attempt) throws IOException {
    return Files.readAllLines(home.resolve("java-" + attempt));
  }

  private List<String> errors() throws IOException {
    return Files.readAllLines(home.resolve("errors"));
  }

  private String pauses() throws IOException {
    return String.join(" ", Files.readAllLines(home.resolve("pauses")));
  }

  private void waitFor(String file) throws InterruptedException {
    while (!Files.exists(home.resolve(file)) && launcher.isAlive()) {
      Thread.sleep(10);
    }
    assertThat(home.resolve(file)).exists();
  }

  @Test
  void aMasterThatSparkDoesNotKnowIsExitCode2() throws Exception {
    assertThat(run("--master", "foo", "train")).isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .contains("--master: 'foo'", "spark://HOST:PORT");
  }

  @Test
  void hereSettingsOfSparkAreSystemProperties() throws Exception {
    javaEnds("0");
    assertThat(run("--conf", "spark.ui.port=1 2", "train", "--conf=spark.b=c=d", "--epochs", "1"))
        .isZero();
    assertThat(words(1))
        .containsSubsequence(
            "-Xmx4g",
            "-Dspark.ui.enabled=false",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.ui.port=1 2",
            "-Dspark.b=c=d",
            "-cp",
            "org.sparkvae.cli.Main",
            "train",
            "--epochs",
            "1")
        .doesNotContain("--conf");
    assertThat(errors()).isEmpty();
  }

  @Test
  void throughSparkSubmitTheyStaySettings() throws Exception {
    javaEnds("0");
    assertThat(
            run(
                "train",
                "--master=spark://host:7077",
                "--conf",
                "spark.executor.memory=7g",
                "--conf",
                "spark.executor.extraJavaOptions=-Dtheirs=2"))
        .isZero();
    assertThat(words(1))
        .containsSubsequence(
            "-Xmx4g",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "spark://host:7077",
            "--deploy-mode",
            "client",
            "--properties-file",
            home.resolve(CLUSTER).toString(),
            "--conf",
            "spark.executor.extraJavaOptions=-Dtheirs=2",
            "--conf",
            "spark.executor.memory=7g",
            home + "/target/spark-vae.jar",
            "train")
        .doesNotContain("-Dspark.executor.memory=7g");
  }

  @Test
  void oneSettingAuthenticatesAndEncrypts() throws Exception {
    javaEnds("0");
    write("secret", "s3cret");
    permissions("secret", "rw-------");
    assertThat(
            run(
                "train",
                "--master=spark://host:7077",
                "--conf=spark.authenticate=true",
                "--conf=spark.io.encryption.enabled=false",
                "--conf=spark.authenticate.secret.file=" + home.resolve("secret")))
        .isZero();
    assertThat(words(1))
        .containsSubsequence(
            "spark.network.crypto.enabled=true",
            "spark.network.crypto.saslFallback=false",
            "spark.io.encryption.enabled=true",
            // The last of two counts.
            "spark.io.encryption.enabled=false")
        .noneMatch(word -> word.contains("s3cret"));
  }

  @ParameterizedTest
  @CsvSource({
    "rw-------, spark.authenticate.secret=s3cret, every user of this machine could read it",
    "rw-------, spark.authenticate.secret.file=HOME/other, HOME/other cannot be read",
    "rw-------, spark.a=b, no file cannot be read",
    "rw-r-----, spark.authenticate.secret.file=HOME/secret, chmod 600 HOME/secret"
  })
  void aSecretIsInAFileThatNobodyElseReads(String mode, String setting, String said)
      throws Exception {
    write("secret", "s3cret");
    permissions("secret", mode);
    assertThat(
            run(
                "train",
                "--master=spark://host:7077",
                "--conf=spark.authenticate=true",
                "--conf=" + setting.replace("HOME", home.toString())))
        .isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .contains(said.replace("HOME", home.toString()))
        .doesNotContain("s3cret");
    assertThat(attempts()).isZero();
  }

  /** A driver that runs elsewhere can do nothing with what is on this machine. */
  @Test
  void onTheClusterTheDriverGetsNoPathsOfThisMachine() throws Exception {
    javaEnds("0");
    assertThat(
            run(
                "run",
                "--master=spark://host:7077",
                "--deploy-mode=cluster",
                "--conf=spark.driver.extraJavaOptions=-Dtheirs=2",
                "--output=hdfs://host/runs"))
        .isEqualTo(1);
    // This java tells nothing of a driver.
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("sparkvae: the driver ended where nobody saw it");
    assertThat(home.resolve("state/spark-vae")).isEmptyDirectory();
    assertThat(words(1))
        .containsSubsequence(
            "org.apache.spark.deploy.SparkSubmit",
            "--deploy-mode",
            "cluster",
            "--driver-java-options",
            "-Dours=1 -Dtheirs=2",
            home + "/target/spark-vae.jar",
            "run",
            "--output=hdfs://host/runs");
  }

  @ParameterizedTest
  @CsvSource({
    "'', --deploy-mode cluster needs a cluster",
    "local[2], --deploy-mode cluster needs a cluster",
    "spark://host:7077, give --output as a full path or URI",
    "spark://host:7077 --output runs, give --output as a full path or URI",
    "spark://host:7077 --output /runs --data=mnist, give --data as a full path or URI"
  })
  void onTheClusterPathsHaveToMeanTheSameEverywhere(String words, String said) throws Exception {
    assertThat(run(("run --deploy-mode cluster --master " + words).split(" ", -1))).isEqualTo(2);
    assertThat(errors()).singleElement().asString().contains(said);
    assertThat(attempts()).isZero();
  }

  @Test
  void aDryRunPrintsTheCommandAndDoesNothing() throws Exception {
    assertThat(run("--dry-run", "train", "--master", "spark://host:7077", "--conf", "spark.a=b c"))
        .isZero();
    assertThat(attempts()).isZero();
    assertThat(errors()).isEmpty();
    assertThat(Files.readAllLines(home.resolve("output")))
        .singleElement()
        .asString()
        .contains(
            "org.apache.spark.deploy.SparkSubmit --master spark://host:7077",
            "--conf spark.a=b\\ c",
            home + "/target/spark-vae.jar train");
  }

  /** Spark's file can name no other, so that the options stand in both. */
  @Test
  void onAClusterEveryJvmGetsTheOptionsThatItNeeds() throws Exception {
    String options =
        Files.readAllLines(Path.of("conf/jvm-options")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .collect(Collectors.joining(" "));
    Properties defaults = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(CLUSTER))) {
      defaults.load(file);
    }
    assertThat(defaults)
        .containsEntry("spark.driver.defaultJavaOptions", options)
        .containsEntry("spark.executor.defaultJavaOptions", options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "local[2]"})
  void theDriversMemoryAndOptionsAreThoseOfTheJvm(String master) throws Exception {
    javaEnds("0");
    run(
        "data",
        "--conf",
        "spark.driver.memory=9g",
        "--conf",
        "spark.driver.extraJavaOptions=-Da=1 -Db=2",
        "--master=" + master);
    assertThat(words(1)).contains("-Xmx9g", "-Da=1", "-Db=2").doesNotContain("-Xmx4g");
  }

  @ParameterizedTest
  @CsvSource({
    "--conf,",
    "--conf,spark.a",
    "--conf,a=b",
    "--conf,=b",
    "--conf,spark.=b",
    "--retries,",
    "--retries,many",
    "--retries,-1",
    "--retries,1.5",
    "--retries,''",
    "--master,",
    "--deploy-mode,",
    "--deploy-mode,here"
  })
  void whatMakesNoSenseIsRefusedInALine(String option, String value) throws Exception {
    List<String> words = new ArrayList<>(List.of("train", option));
    if (value != null) {
      words.add(value);
    }
    assertThat(run(words.toArray(String[]::new))).isEqualTo(2);
    assertThat(errors()).singleElement().asString().startsWith("sparkvae: ").contains(option);
    assertThat(attempts()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 134, 137, 139, 1, 2, 143})
  void withoutRetriesThereIsOneAttempt(int code) throws Exception {
    javaEnds(String.valueOf(code));
    assertThat(run("train")).isEqualTo(code);
    assertThat(attempts()).isEqualTo(1);
    assertThat(words(1)).doesNotContain("--run-id");
  }

  @Test
  void triesAgainWhatFailedOutsideWithTheSameRun() throws Exception {
    javaEnds("75", "75", "0");
    assertThat(run("run", "--retries", "3", "--epochs", "1")).isZero();
    assertThat(attempts()).isEqualTo(3);
    int runId = words(1).indexOf("--run-id");
    assertThat(words(1).get(runId + 1)).matches("\\d{4}-\\d\\d-\\d\\dT\\d{6}");
    assertThat(words(2)).isEqualTo(words(1));
    assertThat(words(3)).isEqualTo(words(1));
    assertThat(errors())
        .containsExactly(
            "sparkvae: something outside failed; attempt 2 of 4 in 5 s",
            "sparkvae: something outside failed; attempt 3 of 4 in 10 s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--run-id=mine", "--run-id mine"})
  void aRunIdThatIsGivenStays(String given) throws Exception {
    javaEnds("75", "0");
    List<String> words = new ArrayList<>(List.of("--retries=1", "train"));
    words.addAll(List.of(given.split(" ", -1)));
    assertThat(run(words.toArray(String[]::new))).isZero();
    assertThat(String.join(" ", words(2))).endsWith("train " + given);
  }

  @Test
  void onlyVerbsThatBeginARunGetAnId() throws Exception {
    javaEnds("75", "0");
    assertThat(run("data", "--retries", "1")).isZero();
    assertThat(words(2)).doesNotContain("--run-id");
  }

  @ParameterizedTest
  @CsvSource({"KILL,9", "SEGV,11", "ABRT,6"})
  void triesAgainWhenTheJvmIsKilled(String signal, int number) throws Exception {
    javaEnds(signal, "0");
    assertThat(run("train", "--retries", "1")).isZero();
    assertThat(errors())
        .containsExactly(
            "sparkvae: its JVM died of signal %d; attempt 2 of 2 in 5 s".formatted(number));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,3", "4,4", "INT,130", "TERM,143"})
  void whatWouldNotHelpIsNotTriedAgain(String end, int code) throws Exception {
    javaEnds(end, "0");
    assertThat(run("train", "--retries", "3")).isEqualTo(code);
    assertThat(attempts()).isEqualTo(1);
  }

  @Test
  void theLastAttemptsCodeIsTheLaunchers() throws Exception {
    javaEnds("KILL", "75", "75", "75", "75", "75");
    assertThat(run("train", "--retries", "5")).isEqualTo(75);
    assertThat(attempts()).isEqualTo(6);
    assertThat(pauses()).isEqualTo("5 10 20 40 60");
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130"})
  void aSignalGoesToTheJobAndIsTheEnd(String signal, int code) throws Exception {
    javaEnds("75", "hang", "0");
    start("train", "--retries", "3");
    waitFor("java-2");
    send(signal);
    assertThat(end()).isEqualTo(code);
    assertThat(attempts()).isEqualTo(2);
  }

  @Test
  void aSignalInThePauseIsTheEndToo() throws Exception {
    javaEnds("75", "0");
    write("hang-in-pause", "");
    start("train", "--retries", "3");
    waitFor("pauses");
    send("TERM");
    assertThat(end()).isEqualTo(75);
    assertThat(attempts()).isEqualTo(1);
  }

  private void send(String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-s", signal, String.valueOf(launcher.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
