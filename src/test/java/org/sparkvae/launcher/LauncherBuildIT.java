package org.sparkvae.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.testing.FakeProject;

/** Tests when {@code submit/sparkvae} builds the jar and when it waits for another build. */
@Timeout(180)
class LauncherBuildIT extends FakeProject {
  /** As the real one, it deletes the previous jars first. */
  private static final String FAILING_MAVEN =
      "#!/usr/bin/env bash\nrm -rf target/lib target/jars-complete\nexit 1\n";

  /**
   * Adds an {@code mvn} that, as the real one, deletes the previous jars before it creates new
   * ones.
   */
  private void addMaven() throws IOException {
    executable(
        "fake/bin/mvn",
        """
        #!/usr/bin/env bash
        echo "$@" >>builds
        rm -rf target && mkdir -p target/lib && /bin/sleep 0.5
        while [[ -e second-launcher-expected && ! -s errors-2 ]]; do /bin/sleep 0.1; done
        touch target/spark-vae.jar target/jars-complete
        """);
  }

  private void modify(String file) throws IOException {
    write(file, "changed");
    Files.setLastModifiedTime(home.resolve(file), FileTime.from(Instant.now().plusSeconds(1)));
  }

  @Test
  void buildsFirstIfTheJarIsOlderThanItsSources() throws Exception {
    List<String> sources =
        List.of("src/main/Source.java", "pom.xml", "conf/model2.yaml", "conf/quickstart.yaml");
    addMaven();
    setJavaExits("0", "0", "0", "0", "0", "0");
    assertThat(run("data")).isZero();
    // The jar has no copy of a user's own configuration file.
    modify("conf/model1-mine.yaml");
    assertThat(run("data")).isZero();
    assertThat(home.resolve("builds")).doesNotExist();
    for (String source : sources) {
      modify(source);
      assertThat(run("data")).isZero();
      // The next build is not older than this source.
      Files.setLastModifiedTime(home.resolve(source), FileTime.from(Instant.EPOCH));
    }
    // A build for a user compiles no tests.
    assertThat(Files.readAllLines(home.resolve("builds")))
        .hasSameSizeAs(sources)
        .allMatch(arguments -> arguments.contains("-Dmaven.test.skip package"));
    assertThat(attempts()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({"gpu, " + GPU_JAR, "s3, target/lib/hadoop-aws-3.3.4.jar"})
  void rebuildsWithTheSameProfileEvenAfterAFailure(String profile, String jar) throws Exception {
    executable("fake/bin/mvn", FAILING_MAVEN);
    write(jar, "");
    modify("src/main/Source.java");
    assertThat(run("data")).isEqualTo(1);
    addMaven();
    setJavaExits("0", "0");

    assertThat(run("data")).isZero();
    Files.delete(home.resolve("target/jars-complete"));
    assertThat(run("data")).isZero();

    // The second one has no profile, because the fake build does not create the jar.
    assertThat(Files.readAllLines(home.resolve("builds")))
        .satisfiesExactly(
            first -> assertThat(first).contains("-P" + profile + " -Dmaven.test.skip package"),
            second -> assertThat(second).doesNotContain("-P"));
  }

  /** A user can replace a failed GPU build by a CPU build without the launcher. */
  @Test
  void forgetsAFailedGpuBuildAfterACpuBuild() throws Exception {
    executable("fake/bin/mvn", FAILING_MAVEN);
    write(GPU_JAR, "");
    modify("src/main/Source.java");
    assertThat(run("data")).isEqualTo(1);
    assertThat(home.resolve("target/gpu-build")).exists();
    write("target/lib/one.jar", "");
    write("target/jars-complete", "");
    modify("target/jars-complete");
    setJavaExits("0");

    assertThat(run("train", "--master=spark://host:7077")).isZero();

    assertThat(javaArguments(1)).contains("--jars").noneMatch(option -> option.contains("gpu"));
  }

  @Test
  void neverBuildsARelease() throws Exception {
    addMaven();
    setJavaExits("0");
    Files.delete(home.resolve("pom.xml"));
    Files.delete(home.resolve("src/main/Source.java"));
    modify("conf/model2.yaml");
    assertThat(run("data")).isZero();
    Files.delete(home.resolve("target/spark-vae.jar"));
    assertThat(run("data")).isEqualTo(2);
    assertThat(Files.readAllLines(home.resolve("errors")))
        .singleElement()
        .asString()
        .endsWith("target: the release is incomplete. Unpack its archive again.");
    assertThat(home.resolve("builds")).doesNotExist();
  }

  /** The job would no longer find the classes that it has not loaded yet. */
  @ParameterizedTest
  @ValueSource(strings = {"train", "train --retries=1"})
  void doesNotBuildWhileAJobIsRunning(String arguments) throws Exception {
    addMaven();
    setJavaExits("hang", "0", "0");
    start(arguments.split(" "));
    waitFor("java-1");
    assertThat(runSecond("report")).isZero();
    modify("src/main/Source.java");
    assertThat(runSecond("report")).isEqualTo(75);
    assertThat(Files.readAllLines(home.resolve("errors-2")))
        .singleElement()
        .asString()
        .contains("older than its sources, and in use by a running job or build.");
    sendSignal("TERM");
    awaitExit();
    assertThat(home.resolve("builds")).doesNotExist();
    assertThat(runSecond("report")).isZero();
    assertThat(home.resolve("builds")).exists();
  }

  @Test
  void concurrentLaunchersBuildOnce() throws Exception {
    addMaven();
    setJavaExits("0", "0");
    Files.delete(home.resolve("target/jars-complete"));
    write("second-launcher-expected", "");
    start("data");
    waitFor("builds");
    assertThat(runSecond("data")).isZero();
    assertThat(Files.readAllLines(home.resolve("errors-2")))
        .singleElement()
        .asString()
        .contains("another build is running. Waiting for it to finish.");
    assertThat(awaitExit()).isZero();
    assertThat(Files.readAllLines(home.resolve("builds"))).hasSize(1);
  }
}
