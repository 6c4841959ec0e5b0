package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.Executable;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.Release;

/** Runs the main job from the unpacked release archive. */
@CompleteBuild
@Timeout(600)
class ReleaseIT {
  private static final int IMAGES = 200;
  private static final String USER = "12345";

  @TempDir Path directory;

  /** The user has no name and no home directory, and can write only below {@code own}. */
  @Test
  void runsFromAReadOnlyDirectoryWithoutBuildToolsAsAnotherUser() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "requires root");
    Path release = Release.unpack(Files.createDirectory(directory.resolve("opt")));
    Path own = Files.createDirectory(directory.resolve("own"));
    FileUtils.copyDirectory(
        CacheDirectory.ofUser().toFile(), own.resolve("cache/spark-vae").toFile());
    Path tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool : List.of("mvn", "git", "javac", "cc")) {
      Executable.write(tools.resolve(tool), "#!/bin/sh\necho $0 was called >&2\nexit 97\n");
    }
    command("chmod", "755", directory.toString());
    command("chmod", "-R", "a-w", release.toString());
    command("chown", "-R", USER, own.toString());

    Path errors = directory.resolve("errors.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + USER,
                "--regid=" + USER,
                "--clear-groups",
                release.resolve("submit/sparkvae").toString(),
                "run",
                "--run-id",
                "r",
                "--limit",
                "" + IMAGES,
                "--epochs",
                "1",
                "--output",
                own.resolve("runs").toString())
            .directory(own.toFile())
            .redirectOutput(directory.resolve("output.txt").toFile())
            .redirectError(errors.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SPARK") || name.equals("JAVA_OPTS"));
    environment.merge("PATH", tools + ":", (path, first) -> first + path);
    environment.put("HOME", "/nonexistent");
    environment.put("XDG_CACHE_HOME", own.resolve("cache").toString());
    environment.put("XDG_STATE_HOME", own.resolve("state").toString());
    environment.put("TMPDIR", own.toString());
    await(builder.start());

    assertThat(Files.readString(errors, StandardCharsets.UTF_8)).doesNotContain("was called");
    assertThat(own.resolve("runs/r/_SUCCESS")).exists();
    ReconstructionsTable.assertComplete(own.resolve("runs/r"), IMAGES, IMAGES);
    assertThat(Files.getAttribute(own.resolve("runs/r/report.html"), "unix:uid")).hasToString(USER);
  }

  private static void command(String... command) throws Exception {
    await(new ProcessBuilder(command).inheritIO().start());
  }

  private static void await(Process process) throws Exception {
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
