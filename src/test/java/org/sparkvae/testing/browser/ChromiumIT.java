package org.sparkvae.testing.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks that inspections detect the problems of a page. */
@Timeout(180)
public class ChromiumIT {
  @TempDir Path directory;

  private static Chromium chromium;

  @BeforeAll
  public static void start() throws Exception {
    assumeTrue(Chromium.executable().isPresent(), "Debian's chromium is not installed");
    chromium = Chromium.start();
  }

  @AfterAll
  public static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
  }

  private List<String> inspect(String body) throws Exception {
    Path page = directory.resolve("page.html");
    Files.writeString(
        page, "<!DOCTYPE html><link rel=icon href='data:,'>" + body, StandardCharsets.UTF_8);
    return chromium.inspect(page, Viewport.PHONE_LIGHT, directory.resolve("page.png"));
  }

  @Test
  public void findsNoProblemInAPlainPage() throws Exception {
    assertThat(inspect("<p>Nothing to see.")).isEmpty();
    assertThat(directory.resolve("page.png")).isNotEmptyFile();
  }

  @Test
  public void findsEveryKindOfProblem() throws Exception {
    assertThat(
            inspect(
                """
                <img src="data:image/png;base64,AAAA" alt="no image">
                <div style="width: 2000px">wide</div>
                <details><div style="width: 3000px">wider</div></details>
                <script>console.error("logged"); throw new Error("thrown")</script>
                <img src="absent.png" alt="no file">
                """))
        .anySatisfy(problem -> assertThat(problem).startsWith("broken image: no image"))
        .anySatisfy(problem -> assertThat(problem).startsWith("overflow, details closed: 20"))
        .anySatisfy(problem -> assertThat(problem).startsWith("overflow, details open: 30"))
        .anySatisfy(problem -> assertThat(problem).startsWith("console: logged"))
        .anySatisfy(problem -> assertThat(problem).startsWith("exception: Error: thrown"))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("request: file:").endsWith("absent.png"))
        .anySatisfy(problem -> assertThat(problem).startsWith("log: Failed to load resource"));
  }

  @Test
  public void leavesNoFilesAndProcesses() throws Exception {
    Chromium other = Chromium.start();
    Path profile = other.profile();
    assertThat(profile).exists();
    other.close();
    assertThat(profile).doesNotExist();
    assertThat(
            ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(profile.toString())))
        .isEmpty();
  }
}
