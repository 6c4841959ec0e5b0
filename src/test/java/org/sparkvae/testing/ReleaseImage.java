package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The container image of the release of a complete build. */
public final class ReleaseImage {
  public static final String NAME = "localhost/spark-vae-test";

  /** The first build downloads a base image. */
  private static final long DEADLINE_MINUTES = 15;

  private ReleaseImage() {}

  /**
   * Builds the image. Skips the test if this machine cannot.
   *
   * @param directory an existing directory for the unpacked release
   */
  public static void build(Path directory) throws Exception {
    assumeTrue(
        System.getProperty("user.name").equals("root")
            && isInstalled("buildah")
            && isInstalled("podman")
            && isInstalled("debootstrap"),
        "requires root, buildah, podman and debootstrap");
    Path release = Release.unpack(Files.createDirectory(directory.resolve("release")));
    assertThat(run("src/test/container/build-image", release.toString(), NAME)).isZero();
  }

  /** Deletes the image, if there is one. */
  public static void delete() throws Exception {
    if (isInstalled("buildah")) {
      run("buildah", "rmi", "--force", NAME);
    }
  }

  private static boolean isInstalled(String program) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
  }

  private static int run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
