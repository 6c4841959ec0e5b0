package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.ReleaseImage;

/** Runs the main job in a container of the image that {@code submit/Dockerfile} describes. */
@CompleteBuild
@Timeout(1200)
@Isolated("uses both cores")
class ContainerIT {
  private static final String USER = "12345";
  private static final int IMAGES = 2000;

  @TempDir static Path directory;

  @BeforeAll
  static void buildImage() throws Exception {
    ReleaseImage.build(directory);
  }

  @AfterAll
  static void deleteImage() throws Exception {
    ReleaseImage.delete();
  }

  /** The user has no name, and the container has no network. */
  @Test
  void runsTheMainJobAsAnyUserWithOneWritableVolume() throws Exception {
    Path data = volume("data");

    int code =
        container(
            data,
            "9g",
            "run",
            "--run-id",
            "r",
            "--output",
            "/data/runs",
            "--data",
            "/data/mnist",
            "--limit",
            "" + IMAGES,
            "--epochs",
            "1");

    assertThat(code).as(errors()).isZero();
    assertThat(errors()).doesNotContain("warning");
    assertThat(data.resolve("runs/r/_SUCCESS")).exists();
    ReconstructionsTable.assertComplete(data.resolve("runs/r"), IMAGES, IMAGES);
    assertThat(Files.getAttribute(data.resolve("runs/r/report.html"), "unix:uid"))
        .hasToString(USER);
  }

  /** A heap of 4 GB does not fit in a container of 2 GB. */
  @Test
  void doctorWarnsAboutASmallMemoryLimit() throws Exception {
    assertThat(container(volume("doctor"), "2g", "doctor", "--output", "/data/runs")).isZero();
    assertThat(output()).containsPattern("memory +warning .* container 2.0 GiB");
  }

  /** Creates a volume that contains MNIST and belongs to the user. */
  private static Path volume(String name) throws Exception {
    Path volume = Files.createDirectory(directory.resolve(name));
    FileUtils.copyDirectory(
        CacheDirectory.ofUser().resolve("mnist").toFile(), volume.resolve("mnist").toFile());
    assertThat(run(List.of("chown", "-R", USER, volume.toString()))).isZero();
    return volume;
  }

  private static int container(Path data, String memory, String... command) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "podman",
                "run",
                "--rm",
                "--runtime=runc",
                "--network=none",
                "--read-only",
                "--read-only-tmpfs=false",
                "--user=" + USER,
                "--memory=" + memory,
                "--ulimit=nofile=1024:1024",
                "--ulimit=nproc=4096:4096",
                "--volume=%s:/data".formatted(data),
                ReleaseImage.NAME));
    arguments.addAll(List.of(command));
    return run(arguments);
  }

  private static int run(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("output.txt").toFile())
            .redirectError(directory.resolve("errors.txt").toFile())
            .start();
    try {
      assertThat(process.waitFor(Duration.ofMinutes(15).toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String output() throws Exception {
    return Files.readString(directory.resolve("output.txt"), StandardCharsets.UTF_8);
  }

  private static String errors() throws Exception {
    return Files.readString(directory.resolve("errors.txt"), StandardCharsets.UTF_8);
  }
}
