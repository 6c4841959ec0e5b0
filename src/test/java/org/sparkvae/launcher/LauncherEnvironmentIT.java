package org.sparkvae.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.testing.FakeProject;

/** Runs the launcher in unusual environments: limits, users, hosts, paths and variables. */
@Timeout(180)
class LauncherEnvironmentIT extends FakeProject {
  @ParameterizedTest
  @CsvSource({
    "-n 64, 'ulimit -n: the limit of open files is 64, but the job needs 512.'",
    "-n 256, ulimit -n",
    "-n 511, ulimit -n",
    "-Sn 511, ''",
    "-n 512, ''"
  })
  void rejectsALowLimitOfOpenFiles(String limit, String expected) throws Exception {
    setJavaExits("0");
    prefix = List.of("bash", "-c", "ulimit %s && exec \"$@\"".formatted(limit), "bash");
    assertThat(run("doctor")).isEqualTo(expected.isEmpty() ? 0 : 2);
    assertThat(String.join("\n", errors())).contains(expected);
    assertThat(attempts()).isEqualTo(expected.isEmpty() ? 1 : 0);
  }

  @Test
  void rejectsOptionsThatJavaDoesNotAccept() throws Exception {
    write("java-fails", "Error occurred during initialization of VM\nCould not reserve memory\n");
    assertThat(run("train", "--conf=spark.driver.memory=100t")).isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .contains("does not start with -Xmx100t", "VM Could not reserve memory", "driver.memory");
    assertThat(attempts()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"HADOOP_CONF_DIR, ''", "YARN_CONF_DIR, ''", "HADOOP_CONF_DIR, spark://host:7077"})
  void putsHadoopsConfigurationOnTheClassPath(String variable, String master) throws Exception {
    setJavaExits("0", "0");
    write("hadoop conf/core-site.xml", "");
    prefix = List.of("env", variable + "=" + home.resolve("hadoop conf"));
    assertThat(run("data", "--master=" + master)).isZero();
    assertThat(javaArguments(1)).anyMatch(path -> path.endsWith("/*:" + home + "/hadoop conf"));
    assertThat(errors()).isEmpty();
    prefix = List.of("env", variable + "=/nosuch");
    assertThat(run("data", "--master=" + master)).isZero();
    assertThat(errors())
        .singleElement()
        .asString()
        .contains("warning: %s: /nosuch is not a directory".formatted(variable));
  }

  /**
   * Runs {@code submit/launcher}, a copy of the launcher, by a script in the project's directory.
   */
  private int runScript(String script, String... arguments) throws Exception {
    executable("submit/launcher", Files.readString(Path.of("submit/sparkvae")));
    executable(
        "submit/sparkvae",
        "#!/usr/bin/env bash\nset -e\ncd \"$(dirname \"$0\")/..\"\n%s\n".formatted(script));
    return run(arguments);
  }

  private String output() throws Exception {
    return Files.readString(home.resolve("output"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ln -s $PWD/submit/launcher a && exec ./a \"$@\"",
        "ln -s submit/launcher a && ln -s a b && exec ./b \"$@\"",
        "mkdir -p a/bin && ln -s ../../submit/launcher a/bin/vae && PATH=$PWD/a/bin:$PATH exec vae \"$@\"",
        "mkdir bin && ln -s ../submit bin/link && exec bin/link/launcher \"$@\"",
        "ln -s submit/launcher 'a b' && exec './a b' \"$@\""
      })
  void findsItsProject(String script) throws Exception {
    assertThat(runScript(script, "--dry-run", "train")).isZero();
    assertThat(output()).contains("-cp " + home.toRealPath() + "/target/spark-vae.jar:");
    assertThat(errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "unset HOME, HOME: it is not set",
    "export HOME=, HOME: it is not set",
    "export HOME=/proc, /proc/.local/state/spark-vae: it is not a writable directory",
    "export HOME=$PWD/pom.xml, pom.xml is not a directory",
    "export HOME=$PWD XDG_CACHE_HOME=/proc, /proc/spark-vae: it cannot be created",
    "export HOME=$PWD XDG_STATE_HOME=/proc, /proc/spark-vae: it is not a writable directory",
    "id() { return 1; }; export -f id; unset HOME, HOME: it is not set"
  })
  void usesATemporaryDirectoryIfThereIsNoHome(String script, String expected) throws Exception {
    executable("fake/bin/java", "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\nprintenv\n");
    String environment = "unset XDG_STATE_HOME; mkdir tmp; export TMPDIR=$PWD/tmp; " + script;
    assertThat(runScript(environment + "; exec submit/launcher \"$@\"", "train")).isZero();
    Path directory = home.resolve("tmp/spark-vae-" + Files.getAttribute(home, "unix:uid"));
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("sparkvae: warning: ")
        .contains(expected, "so the log and the caches are in " + directory);
    assertThat(directory).isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    assertThat(output().lines())
        .contains("-Dsparkvae.log=" + directory + "/spark-vae.log", "XDG_CACHE_HOME=" + directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ln -s .. $TMPDIR/spark-vae-$EUID",
        "touch $TMPDIR/spark-vae-$EUID",
        // Only root can give a directory to another user.
        "mkdir $TMPDIR/spark-vae-$EUID; chown 12345 $TMPDIR/spark-vae-$EUID || touch $TMPDIR/spark-vae-0"
      })
  void rejectsATemporaryDirectoryThatTheUserDidNotCreate(String script) throws Exception {
    String environment = "unset HOME XDG_STATE_HOME; mkdir tmp; export TMPDIR=$PWD/tmp; " + script;
    assertThat(runScript(environment + "; exec submit/launcher \"$@\"", "train")).isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .contains(home + "/tmp/spark-vae-", "is not a directory that only this user can write");
    assertThat(attempts()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "mkdir h; export HOME=$PWD/h, train, -Duser.home=HOME/h",
    "unset HOME; export XDG_CACHE_HOME=$PWD/c, train, -Duser.home=HOME/c/spark-vae",
    "export XDG_STATE_HOME=state HOME=$PWD, train, -Dsparkvae.log=HOME/.local/state/spark-vae/",
    "mkdir 'h h'; export HOME=\"$PWD/h h\", train, -Duser.home=HOME/h\\ h",
    // The shell's output escapes this character if the locale is not UTF-8.
    "export LC_ALL=C, train --output $(printf '\\303\\274'), --output \u00fc",
    "export LC_ALL=POSIX, train --output $(printf '\\303\\274'), --output \u00fc",
    "unset LC_ALL LC_CTYPE LANG, train --output $(printf '\\303\\274'), --output \u00fc",
    "id() { return 1; }; export -f id, train, -Duser.name=uid-",
    "id() { return 1; }; export -f id; export HADOOP_USER_NAME=ann, train, -Duser.name=ann",
    "export https_proxy=http://proxy:3128, train, -Dhttps.proxyHost=proxy -Dhttps.proxyPort=3128",
    "export HTTPS_PROXY=10.0.0.1:8080/, train, -Dhttps.proxyHost=10.0.0.1 -Dhttps.proxyPort=8080",
    "export https_proxy=HTTPS://[::1]:3128, train, -Dhttps.proxyHost=\\[::1\\] -Dhttps.proxyPort=3128",
    "export no_proxy=*, train, \\|\\*",
    "export http_proxy=http://proxy/, train, -Dhttp.proxyHost=proxy -Dhttp.proxyPort=80",
    "'export no_proxy=\"a.b, .c.d:80,10.0.0.0/8\"', train, \\|a.b\\|\\*.a.b\\|c.d\\|\\*.c.d",
    "export SPARK_HOME=/nosuch, train, org.sparkvae.cli.Main",
    "getent() { return 2; }; export -f getent, train, org.sparkvae.cli.Main",
    "mkdir -p bin jars; cp fake/bin/java bin/spark-submit; touch jars/spark-core_2.12-3.5.1-vendor.jar; export SPARK_HOME=$PWD, train --master=spark://host:7077, /bin/spark-submit",
    "id() { return 1; }; export -f id, train --master=local[2], -Dspark.master=local\\[2\\]",
    "export SPARK_LOCAL_IP=127.0.0.1, train --master spark://host:7077, SparkSubmit"
  })
  void adaptsToItsEnvironment(String script, String arguments, String expected) throws Exception {
    assertThat(runScript(script + "; exec submit/launcher --dry-run " + arguments)).isZero();
    assertThat(output()).contains(expected.replace("HOME", home.toString()));
    assertThat(errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', SPARK_HOME: /nosuch has no executable bin/spark-submit., export SPARK_HOME=/nosuch",
    "'', SPARK_HOME: PROJECT has no executable, export SPARK_HOME=$PWD",
    "'', SPARK_HOME: PROJECT/pom.xml has no executable, export SPARK_HOME=$PWD/pom.xml",
    "'', SPARK_HOME: PROJECT has no executable, mkdir -p bin/spark-submit; export SPARK_HOME=$PWD",
    "'', JAVA_HOME: /nosuch has no executable bin/java., export JAVA_HOME=/nosuch",
    "'', 'does not resolve. Set it to the address', getent() { return 2; }; export -f getent",
    "a:b, PROJECT/a:b: the path contains a colon, mkdir -p a:b; cp -r submit a:b",
    "a{b, a{b: the path contains one of, mkdir a{b; cp -r submit a{b",
    "a[1], a[1]: the path contains one of, mkdir a[1]; cp -r submit a[1]",
    "a#b, a#b: the path contains one of, mkdir a#b; cp -r submit a#b",
    "'', which spark-submit requires, id() { return 1; }; export -f id",
    "'', is not a whole number, export OMP_NUM_THREADS=4x",
    "'', spark-core_2.13-4.0.1.jar is not of Spark 3.5 for Scala 2.12., mkdir -p bin jars; cp fake/bin/java bin/spark-submit; touch jars/spark-core_2.13-4.0.1.jar; export SPARK_HOME=$PWD",
    "'', is not of Spark 3.5 for Scala 2.12., mkdir -p bin jars; cp fake/bin/java bin/spark-submit; touch jars/spark-core_2.12-3.4.4.jar; export SPARK_HOME=$PWD"
  })
  void rejectsAnUnsuitableEnvironment(String directory, String expected, String script)
      throws Exception {
    String launcher = "; exec ./%s/submit/launcher \"$@\"".formatted(directory);
    assertThat(runScript(script + launcher, "--master=spark://host:7077", "--dry-run", "train"))
        .isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("sparkvae: ")
        .contains(expected.replace("PROJECT", home.toString()));
    assertThat(attempts()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "true, '', spark.kubernetes.container.image: it is not set.",
    "true, --deploy-mode=cluster, '--deploy-mode: on Kubernetes, the driver runs where the launcher'",
    "export SPARK_HOME=/spark, '', 'SPARK_HOME: it is set, but on Kubernetes only the bundled'"
  })
  void rejectsWhatKubernetesDoesNotSupport(String setup, String option, String message)
      throws Exception {
    String script =
        "%s; exec submit/launcher --master=k8s://host %s train".formatted(setup, option);
    assertThat(runScript(script)).isEqualTo(2);
    assertThat(errors()).singleElement().asString().startsWith("sparkvae: " + message);
  }

  @Test
  void yarnRequiresItsConfiguration() throws Exception {
    String launcher = "unset YARN_CONF_DIR; exec submit/launcher --master=yarn --dry-run train";
    assertThat(runScript("unset HADOOP_CONF_DIR; " + launcher)).isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("sparkvae: HADOOP_CONF_DIR: it is not set, but --master is yarn.");
    assertThat(runScript("export HADOOP_CONF_DIR=$PWD; " + launcher)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "export LC_ALL=C, LC_ALL=C.UTF-8",
    "unset SPARK_LOCAL_IP, SPARK_LOCAL_IP=127.0.0.1",
    "export SPARK_LOCAL_IP=127.0.0.2, SPARK_LOCAL_IP=127.0.0.2",
    "id() { return 1; }; export -f id, HADOOP_USER_NAME=uid-"
  })
  void passesVariablesToJava(String script, String expected) throws Exception {
    executable("fake/bin/java", "#!/usr/bin/env bash\nprintenv\n");
    assertThat(runScript(script + "; exec submit/launcher train")).isZero();
    assertThat(output().lines()).anyMatch(line -> line.startsWith(expected));
  }

  @Test
  void quotesPathsWithSpacesForSparkSubmit() throws Exception {
    executable("my spark/bin/spark-submit", "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\n");
    assertThat(
            runScript(
                "mkdir 'h h'; HOME=\"$PWD/h h\" SPARK_HOME=\"$PWD/my spark\" exec submit/launcher \"$@\"",
                "--master=local[2]",
                "train"))
        .isZero();
    assertThat(output()).contains("\"-Duser.home=" + home + "/h h\"");
  }
}
