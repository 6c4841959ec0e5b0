package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code submit/sparkvae} builds, and whom it waits for. */
@Timeout(60)
class LauncherBuildTest extends FakeProject {
  /** As Maven builds: it takes away what was there. */
  private void mavenBuilds() throws IOException {
    executable(
        "fake/bin/mvn",
        """
        #!/usr/bin/env bash
        echo "$@" >>builds
        rm -rf target && mkdir -p target/lib && /bin/sleep 0.5
        touch target/spark-vae.jar target/jars-complete
        """);
  }

  private void change(String file) throws IOException {
    write(file, "changed");
    Files.setLastModifiedTime(home.resolve(file), FileTime.from(Instant.now().plusSeconds(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"src/main/nothing", "pom.xml", "conf/model2.yaml", "conf/model1-tuned.yaml"})
  void whatIsOlderThanItsSourcesIsBuiltFirst(String source) throws Exception {
    mavenBuilds();
    javaEnds("0", "0", "0");
    assertThat(run("data")).isZero();
    // A file of one's own is read where it lies.
    change("conf/model1-mine.yaml");
    assertThat(run("data")).isZero();
    assertThat(home.resolve("builds")).doesNotExist();
    change(source);
    assertThat(run("data")).isZero();
    assertThat(home.resolve("builds")).exists();
    assertThat(attempts()).isEqualTo(3);
  }

  /** It would find no jar any more for what it has not loaded yet. */
  @ParameterizedTest
  @ValueSource(strings = {"train", "train --retries=1"})
  void nothingIsBuiltUnderAJob(String words) throws Exception {
    mavenBuilds();
    javaEnds("hang", "0", "0");
    start(words.split(" "));
    waitFor("java-1");
    assertThat(runBeside("report")).isZero();
    change("src/main/nothing");
    assertThat(runBeside("report")).isEqualTo(75);
    assertThat(Files.readAllLines(home.resolve("errors-2")))
        .singleElement()
        .asString()
        .contains("a job or a build is at work with it");
    send("TERM");
    end();
    assertThat(home.resolve("builds")).doesNotExist();
    assertThat(runBeside("report")).isZero();
    assertThat(home.resolve("builds")).exists();
  }

  @Test
  void twoThatStartAtOnceBuildOnce() throws Exception {
    mavenBuilds();
    javaEnds("0", "0");
    Files.delete(home.resolve("target/jars-complete"));
    start("data");
    waitFor("builds");
    assertThat(runBeside("data")).isZero();
    assertThat(Files.readAllLines(home.resolve("errors-2")))
        .singleElement()
        .asString()
        .contains("waiting for it");
    assertThat(end()).isZero();
    assertThat(Files.readAllLines(home.resolve("builds"))).hasSize(1);
  }
}
