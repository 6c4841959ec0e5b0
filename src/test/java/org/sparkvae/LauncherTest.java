package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code submit/sparkvae} makes of its words. */
@Timeout(60)
class LauncherTest extends FakeProject {
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

  @Test
  void anotherJavaIsRefused() throws Exception {
    write("fake/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.4\"\n");
    assertThat(run("train")).isEqualTo(2);
    assertThat(errors()).singleElement().asString().contains("Java 21.0.4; install a JDK 17");
    write("fake/release", "JAVA_VERSION=\"17.0.11\"\n");
    javaEnds("0");
    assertThat(run("train")).isZero();
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
}
