package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkvae.testing.browser.Chromium;
import org.sparkvae.testing.browser.Viewport;

/** Opens the pages at phone and desktop size and saves screenshots in {@code target/pages}. */
@Timeout(180)
class PageInChromiumTest {
  private static final Path SCREENSHOTS = Path.of("target/pages");
  private static final String LONG_ID = "a-run-with-a-name-that-is-rather-long".repeat(6);

  private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Chromium.executable().isPresent(), "Debian's chromium is not installed");
    Files.createDirectories(SCREENSHOTS);
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Viewport.class)
  void runPageHasNoProblems(Viewport viewport) throws Exception {
    assertNoProblems("run", RunPage.html(RunSummaryFixture.model1("first")), viewport);
    assertNoProblems("long", RunPage.html(RunSummaryFixture.model2(LONG_ID)), viewport);
  }

  @ParameterizedTest
  @EnumSource(Viewport.class)
  void comparisonPageHasNoProblems(Viewport viewport) throws Exception {
    assertNoProblems(
        "compare",
        ComparePage.html(RunSummaryFixture.model1(LONG_ID), RunSummaryFixture.model2("second")),
        viewport);
  }

  private static void assertNoProblems(String name, String html, Viewport viewport)
      throws Exception {
    Path page = SCREENSHOTS.resolve(name + ".html").toAbsolutePath();
    Files.writeString(page, html, StandardCharsets.UTF_8);
    assertThat(
            chromium.inspect(page, viewport, SCREENSHOTS.resolve(name + "-" + viewport + ".png")))
        .isEmpty();
  }
}
