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
import org.sparkvae.browser.Chromium;
import org.sparkvae.browser.Viewport;

/** The pages on a phone and on a desk; pictures of them are left in {@code target/pages}. */
@Timeout(180)
class PageInChromiumTest {
  private static final Path PICTURES = Path.of("target/pages");
  private static final String LONG_ID = "a-run-with-a-name-that-is-rather-long".repeat(6);

  private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Chromium.program().isPresent(), "Debian's chromium is not installed");
    Files.createDirectories(PICTURES);
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
  void theRunsPageHasNoFaults(Viewport screen) throws Exception {
    assertNoFaults("run", RunPage.html(RunSummaryFixture.model1("first")), screen);
    assertNoFaults("long", RunPage.html(RunSummaryFixture.model2(LONG_ID)), screen);
  }

  @ParameterizedTest
  @EnumSource(Viewport.class)
  void thePageOfTwoHasNoFaults(Viewport screen) throws Exception {
    assertNoFaults(
        "compare",
        ComparePage.html(RunSummaryFixture.model1(LONG_ID), RunSummaryFixture.model2("second")),
        screen);
  }

  private static void assertNoFaults(String name, String html, Viewport screen) throws Exception {
    Path page = PICTURES.resolve(name + ".html").toAbsolutePath();
    Files.writeString(page, html, StandardCharsets.UTF_8);
    assertThat(chromium.faults(page, screen, PICTURES.resolve(name + "-" + screen + ".png")))
        .isEmpty();
  }
}
