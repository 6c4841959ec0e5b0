package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.testing.CompleteBuild;

/** Tests that the build records the commit without a Git program, and needs no Git repository. */
@CompleteBuild
@Timeout(60)
class GitCommitIT {
  private static final String CREATE_REPOSITORY =
      "git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -q -m a";

  @TempDir Path directory;

  /** The Git program fails, as it does in another user's repository. */
  @ParameterizedTest
  @CsvSource({
    "'', false",
    "CREATE_REPOSITORY, true",
    "CREATE_REPOSITORY && chown -R 12345 ., true",
    "CREATE_REPOSITORY && git checkout -q --detach, true",
    "CREATE_REPOSITORY && mv .git ../git && echo gitdir: $PWD/../git >.git, true"
  })
  void buildsAnyCopyOfTheSources(String preparation, boolean isCommitKnown) throws Exception {
    Path sources = Files.createDirectory(directory.resolve("sources"));
    Files.copy(Path.of("pom.xml"), sources.resolve("pom.xml"));
    run(sources, preparation.replace("CREATE_REPOSITORY", CREATE_REPOSITORY));
    run(
        sources,
        "mkdir ../bin && printf '#!/bin/sh\\nexit 128\\n' >../bin/git && chmod +x ../bin/git"
            + " && PATH=$PWD/../bin:$PATH mvn -o -B -q git-commit-id:revision");
    assertThat(sources.resolve("target/classes/git.properties"))
        .content()
        .contains("git.build.version=")
        .matches(text -> text.contains("git.commit.id.full=") == isCommitKnown);
  }

  private void run(Path sources, String script) throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder("bash", "-c", script)
            .directory(sources.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
