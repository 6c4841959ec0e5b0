package org.sparkvae.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That what is looked for in a page would be found. */
@Timeout(180)
class ChromiumTest {
  @TempDir Path directory;

  @BeforeAll
  static void needsChromium() {
    assumeTrue(Chromium.program().isPresent(), "Debian's chromium is not installed");
  }

  private List<String> faults(String body) throws Exception {
    Path page = directory.resolve("page.html");
    Files.writeString(
        page, "<!DOCTYPE html><link rel=icon href='data:,'>" + body, StandardCharsets.UTF_8);
    try (Chromium chromium = Chromium.start()) {
      return chromium.faults(page, Viewport.PHONE_LIGHT, directory.resolve("page.png"));
    }
  }

  @Test
  void aPlainPageHasNone() throws Exception {
    assertThat(faults("<p>Nothing to see.")).isEmpty();
    assertThat(directory.resolve("page.png")).isNotEmptyFile();
  }

  @Test
  void everyKindOfFaultIsFound() throws Exception {
    assertThat(
            faults(
                """
                <img src="data:image/png;base64,AAAA" alt="no picture">
                <div style="width: 2000px">wide</div>
                <details><div style="width: 3000px">wider</div></details>
                <script>console.error("told"); throw new Error("thrown")</script>
                <img src="absent.png" alt="no file">
                """))
        .anySatisfy(fault -> assertThat(fault).startsWith("broken image: no picture"))
        .anySatisfy(fault -> assertThat(fault).startsWith("overflow, as opened: 20"))
        .anySatisfy(fault -> assertThat(fault).startsWith("overflow, unfolded: 30"))
        .anySatisfy(fault -> assertThat(fault).startsWith("console: told"))
        .anySatisfy(fault -> assertThat(fault).startsWith("exception: Error: thrown"))
        .anySatisfy(fault -> assertThat(fault).startsWith("request: file:").endsWith("absent.png"))
        .anySatisfy(fault -> assertThat(fault).startsWith("log: Failed to load resource"));
  }

  @Test
  void nothingIsLeftOfIt() throws Exception {
    Chromium chromium = Chromium.start();
    Path profile = chromium.profile();
    assertThat(profile).exists();
    chromium.close();
    assertThat(profile).doesNotExist();
    assertThat(
            ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(profile.toString())))
        .isEmpty();
  }
}
