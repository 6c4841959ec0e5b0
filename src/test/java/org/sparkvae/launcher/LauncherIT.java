package org.sparkvae.launcher;

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
import org.sparkvae.testing.FakeProject;

/**
 * Tests the arguments of {@code submit/sparkvae} and the command lines that it builds from them.
 */
@Timeout(180)
class LauncherIT extends FakeProject {
  @Test
  void rejectsAnUnknownMaster() throws Exception {
    assertThat(run("--master", "foo", "train")).isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .contains("--master: 'foo'", "spark://HOST:PORT");
  }

  @Test
  void passesSparkSettingsAsSystemPropertiesInALocalRun() throws Exception {
    setJavaExits("0");
    assertThat(run("--conf", "spark.ui.port=1 2", "train", "--conf=spark.b=c=d", "--epochs", "1"))
        .isZero();
    assertThat(javaArguments(1))
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
  void passesSparkSettingsToSparkSubmit() throws Exception {
    setJavaExits("0");
    assertThat(
            run(
                "train",
                "--master=spark://host:7077",
                "--conf",
                "spark.executor.memory=7g",
                "--conf",
                "spark.executor.extraJavaOptions=-Dtheirs=2"))
        .isZero();
    assertThat(javaArguments(1))
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
  void sendsItsJarsToYarnUnlessTheyAreInstalled() throws Exception {
    setJavaExits("0", "0");
    prefix = List.of("env", "HADOOP_CONF_DIR=" + home);
    assertThat(run("train", "--master=yarn")).isZero();
    assertThat(javaArguments(1))
        .contains("--jars")
        .anyMatch(
            argument ->
                argument.startsWith("spark.yarn.jars=" + home + "/target/spark/jars/*.jar,")
                    && argument.contains("," + home + "/target/lib/slf4j-api-*.jar"));
    assertThat(run("train", "--master=yarn", "--conf=spark.yarn.jars=hdfs:///apps/*.jar")).isZero();
    assertThat(javaArguments(2))
        .contains("spark.yarn.jars=hdfs:///apps/*.jar")
        .doesNotContain("--jars")
        .noneMatch(argument -> argument.contains("spark/jars/*.jar,"));
  }

  /** Executors have the jars in their image, so that nothing is submitted. */
  @Test
  void startsTheDriverItselfOnKubernetes() throws Exception {
    setJavaExits("0");
    assertThat(
            run(
                "train",
                "--master=k8s://host:6443",
                "--conf=spark.kubernetes.container.image=i",
                "--conf=spark.executor.extraJavaOptions=-Dtheirs=2"))
        .isZero();
    assertThat(javaArguments(1))
        .contains(
            "-Dspark.master=k8s://https://host:6443",
            "-Dspark.kubernetes.container.image=i",
            "-Dspark.executor.extraJavaOptions=-Dtheirs=2",
            "-Dspark.executor.memory=1g",
            "org.sparkvae.cli.Main")
        .doesNotContain("org.apache.spark.deploy.SparkSubmit");
  }

  @Test
  void addsTheGpuSettingsToAGpuBuildOnACluster() throws Exception {
    setJavaExits("0", "0", "0");
    String cluster = "--master=spark://host:7077";
    String memory = "--conf=spark.executor.memory=9g";
    String classPath = "--conf=spark.executor.extraClassPath=/theirs.jar";
    String driverClassPath = "--conf=spark.driver.extraClassPath=/drivers.jar";
    assertThat(run("train", cluster)).isZero();
    assertThat(javaArguments(1))
        .contains("--jars")
        .doesNotContain("spark.executor.resource.gpu.amount=1");
    write(GPU_JAR, "");
    assertThat(run("train", cluster, memory, classPath, driverClassPath)).isZero();
    assertThat(javaArguments(2))
        .containsSubsequence(
            "spark.executor.resource.gpu.amount=1",
            "spark.task.resource.gpu.amount=0.01",
            "spark.executor.memory=2g",
            // Of two values, the last one counts.
            "spark.executor.memory=9g")
        .containsSubsequence(
            "spark.executor.extraClassPath=/theirs.jar",
            "spark.executor.extraClassPath=/theirs.jar:" + home + "/target/lib/*")
        .containsSequence("--driver-class-path", "/drivers.jar:" + home + "/target/lib/*")
        .doesNotContain("--jars");
    assertThat(run("train")).isZero();
    assertThat(javaArguments(3)).noneMatch(argument -> argument.contains("resource.gpu"));
  }

  @Test
  void encryptsIfAuthenticationIsOn() throws Exception {
    setJavaExits("0");
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
    assertThat(javaArguments(1))
        .containsSubsequence(
            "spark.network.crypto.enabled=true",
            "spark.network.crypto.saslFallback=false",
            "spark.io.encryption.enabled=true",
            // Of two values, the last one counts.
            "spark.io.encryption.enabled=false")
        .noneMatch(argument -> argument.contains("s3cret"));
  }

  @ParameterizedTest
  @CsvSource({
    "rw-------, spark.authenticate.secret=s3cret, every user of this machine can read it",
    "rw-------, spark.authenticate.secret.file=HOME/other, HOME/other is not a readable file with content.",
    "rw-------, spark.a=b, (not set) is not a readable file with content.",
    "rw-r-----, spark.authenticate.secret.file=HOME/secret, Run chmod 600 HOME/secret."
  })
  void requiresASecretFileThatOnlyItsOwnerCanRead(String mode, String setting, String expected)
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
        .contains(expected.replace("HOME", home.toString()))
        .doesNotContain("s3cret");
    assertThat(attempts()).isZero();
  }

  /** A driver on another host cannot read files of this machine. */
  @Test
  void passesNoLocalPathsToADriverOnTheCluster() throws Exception {
    setJavaExits("0");
    assertThat(
            run(
                "run",
                "--master=spark://host:7077",
                "--deploy-mode=cluster",
                "--conf=spark.driver.extraJavaOptions=-Dtheirs=2",
                "--output=hdfs://host/runs"))
        .isEqualTo(1);
    // The fake java does not report the final state of a driver.
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith(
            "sparkvae: driver on spark://host:7077: the final state is unknown, expected FINISHED.");
    assertThat(home.resolve("state/spark-vae")).isEmptyDirectory();
    assertThat(javaArguments(1))
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
    "'', 'cluster mode requires a cluster, but --master is not set.'",
    "local[2], 'cluster mode requires a cluster, but --master is local[2].'",
    "spark://host:7077, '--output: in cluster mode, the path must be absolute or a URI, but it is not set.'",
    "spark://host:7077 --output runs, 'the path must be absolute or a URI, but it is runs.'",
    "spark://host:7077 --output /runs --data=mnist, '--data: in cluster mode, the path must be absolute or a URI, but it is mnist.'"
  })
  void requiresAbsolutePathsForADriverOnTheCluster(String arguments, String expected)
      throws Exception {
    assertThat(run(("run --deploy-mode cluster --master " + arguments).split(" ", -1)))
        .isEqualTo(2);
    assertThat(errors()).singleElement().asString().contains(expected);
    assertThat(attempts()).isZero();
  }

  @Test
  void dryRunOnlyPrintsTheCommand() throws Exception {
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
  void rejectsOtherJavaVersions() throws Exception {
    write("fake/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.4\"\n");
    assertThat(run("train")).isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .contains("the version is 21.0.4, but Java 17 is required. Install JDK 17");
    write("fake/release", "JAVA_VERSION=\"17.0.11\"\n");
    setJavaExits("0");
    assertThat(run("train")).isZero();
  }

  /** A properties file of Spark cannot include another file, so the options are in both files. */
  @Test
  void clusterDefaultsContainAllJvmOptions() throws Exception {
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
  void appliesTheDriversMemoryAndOptionsToTheLocalJvm(String master) throws Exception {
    setJavaExits("0");
    run(
        "data",
        "--conf",
        "spark.driver.memory=9g",
        "--conf",
        "spark.driver.extraJavaOptions=-Da=1 -Db=2",
        "--master=" + master);
    assertThat(javaArguments(1)).contains("-Xmx9g", "-Da=1", "-Db=2").doesNotContain("-Xmx4g");
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
  void rejectsInvalidOptionsInOneLine(String option, String value) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("train", option));
    if (value != null) {
      arguments.add(value);
    }
    assertThat(run(arguments.toArray(String[]::new))).isEqualTo(2);
    assertThat(errors()).singleElement().asString().startsWith("sparkvae: ").contains(option);
    assertThat(attempts()).isZero();
  }
}
