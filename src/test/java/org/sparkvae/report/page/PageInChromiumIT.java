package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkvae.testing.browser.Chromium;
import org.sparkvae.testing.browser.Viewport;

/** Opens the pages at phone and desktop size and saves screenshots in {@code target/pages}. */
@Timeout(180)
class PageInChromiumIT {
  private static final Path SCREENSHOTS = Path.of("target/pages");
  private static final String LONG_ID = "a-run-with-a-name-that-is-rather-long".repeat(6);

  private static Chromium chromium;

  @BeforeAll
  static void createPages() throws Exception {
    assumeTrue(Chromium.executable().isPresent(), "Debian's chromium is not installed");
    Files.createDirectories(SCREENSHOTS);
    write("run", RunPage.html(RunSummaryFixture.model1("first")));
    write("long", RunPage.html(RunSummaryFixture.model2(LONG_ID)));
    write(
        "compare",
        ComparePage.html(RunSummaryFixture.model1(LONG_ID), RunSummaryFixture.model2("second")));
    chromium = Chromium.start();
  }

  private static void write(String name, String html) throws IOException {
    Files.writeString(page(name), html, StandardCharsets.UTF_8);
  }

  private static Path page(String name) {
    return SCREENSHOTS.resolve(name + ".html").toAbsolutePath();
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_LIGHT", "DESKTOP_LIGHT"})
  void pagesHaveNoProblems(Viewport viewport) throws Exception {
    for (String name : List.of("run", "long", "compare")) {
      assertNoProblems(name, viewport);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_DARK", "DESKTOP_DARK"})
  void runPageHasNoProblemsInDarkColors(Viewport viewport) throws Exception {
    assertNoProblems("run", viewport);
  }

  private static void assertNoProblems(String name, Viewport viewport) throws Exception {
    Path screenshot = SCREENSHOTS.resolve(name + "-" + viewport + ".png");
    assertThat(chromium.inspect(page(name), viewport, screenshot)).as(name).isEmpty();
  }
}
