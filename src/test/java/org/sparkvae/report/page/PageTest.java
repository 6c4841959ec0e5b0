package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.config.Settings;

class PageTest {
  private static final Pattern URL_ATTRIBUTE =
      Pattern.compile("\\b(?:src|srcset|href|action|poster)\\s*=\\s*[\"']?([^\"'\\s>]*)");

  private static String runPage;
  private static String comparePage;

  @BeforeAll
  static void createPages() {
    RunSummary first = RunSummaryFixture.model1("first");
    runPage = RunPage.html(first);
    comparePage = ComparePage.html(first, RunSummaryFixture.model2("second"));
  }

  /** Returns the visible text without markup and images. */
  private static String text(String html) {
    return unescaped(
        html.substring(html.indexOf("<body>"))
            .replaceAll("<wbr>", "")
            .replaceAll("<[^>]*>", " ")
            .replaceAll("\\s+", " "));
  }

  @Test
  void loadsNoExternalResources() {
    for (String html : List.of(runPage, comparePage)) {
      List<String> urls = new ArrayList<>();
      Matcher matcher = URL_ATTRIBUTE.matcher(html);
      while (matcher.find()) {
        urls.add(matcher.group(1));
      }
      assertThat(urls)
          .hasSizeGreaterThan(10)
          .allMatch(url -> url.startsWith("data:") || url.startsWith("#"));
      assertThat(html)
          .contains(
              "\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"")
          .doesNotContain("<script", "@import", "url(", "http://", "https://");
    }
  }

  @Test
  void everyImageHasAltTextAndEveryTableACaption() {
    for (String html : List.of(runPage, comparePage)) {
      assertThat(html).doesNotContainPattern("<img(?![^>]* alt=\"[^\"]+\")");
      assertThat(html.split("<table", -1)).hasSameSizeAs(html.split("<caption>[^<]", -1));
      assertThat(html).doesNotContainPattern("<th(?![^>]* scope=)[ >]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{title}}&'"
      })
  void escapesTextFromTheRunsFiles(String hostile) {
    RunSummary run = RunSummaryFixture.model1(hostile);
    String comparison = ComparePage.html(run, RunSummaryFixture.model2("second"));

    for (String html : List.of(RunPage.html(run), comparison)) {
      assertThat(html).doesNotContain(hostile, "<script", "<img src=x");
      assertThat(unescaped(html)).contains("sparkvae run --run-id " + hostile);
    }
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x3D;", "=")
        .replace("&amp;", "&");
  }

  @Test
  void describesTheSettings() {
    assertThat(text(runPage))
        .contains(
            "The reference report's Model 1: each of an image's 28 rows is encoded as 256 latent values")
        .contains("7,168 per image. During training, 1 % of the values are dropped")
        .contains("Trained for 50 epochs in minibatches of 100")
        .contains("β = 0.1094")
        .contains("Figure 4: reconstructions of the same images from 28×256 latent values");
    assertThat(text(RunPage.html(RunSummaryFixture.model2("second"))))
        .contains(
            "The reference report's Model 2", "There is no dropout", "Figure 5:", "one worker");
  }

  @Test
  void describesSchedules() {
    Settings changing =
        RunSummaryFixture.settings(Map.of("kl-warmup-epochs", 5, "learning-rate-decay", 0.93));
    assertThat(text(RunPage.html(RunSummaryFixture.of("changing", changing, Map.of("beta", 0.11)))))
        .contains("a learning rate of 0.001, multiplied by 0.93 after each epoch. The loss")
        .contains(
            "with λ = 0.5. KL warm-up raises λ from 0 in epoch 1 to its full value in epoch 6. Reported losses use the full value. With both terms");
    assertThat(text(runPage))
        .contains("a learning rate of 0.001. The loss")
        .contains("with λ = 0.5. With both terms");
  }

  @Test
  void describesACustomModel() {
    Settings custom =
        RunSummaryFixture.settings(Map.of("latent-channels", 32, "trainer", "averaging"));

    assertThat(text(RunPage.html(RunSummaryFixture.of("custom", custom, Map.of()))))
        .contains("A custom model, different from both models of the reference report")
        .contains(
            "Figure 4: reconstructions of the same images from 28×32 latent values, a custom setting");
  }

  @Test
  void notesALimitedNumberOfImages() {
    assertThat(text(runPage)).doesNotContain("--limit");
    assertThat(text(RunPage.html(RunSummaryFixture.model2("second"))))
        .contains("This run used only the first 2,000 images of each split (--limit)");
    assertThat(text(comparePage))
        .contains("B: This run used only the first 2,000 images", "A and B used different images");
    // The data set has fewer images than the limit.
    Settings unlimited = RunSummaryFixture.settings(Map.of("limit", Integer.MAX_VALUE));
    assertThat(text(RunPage.html(RunSummaryFixture.of("third", unlimited, Map.of()))))
        .doesNotContain("used only the first");
  }

  @Test
  void showsTableOneForOddEpochs() {
    assertThat(runPage).contains("Epoch:1/50, Train_Loss:0.27, ", "Epoch:49/50, Train_Loss:");
    assertThat(runPage).doesNotContain("Epoch:2/50");
  }

  @Test
  void groupsMetricsBySplitAndByLatentSource() {
    assertThat(text(runPage))
        .contains("metric train test loss 0.1600 0.1600 The reference report's loss")
        .contains("iwae_5_nats_per_image −124.8 −124.8 Importance-weighted")
        .contains("metric prior posterior mixture floor frechet_distance 16 16 0.5000")
        .contains("classifier_confidence 0.8400 0.8400 – Mean probability")
        .contains("lower bound is the entropy floor. Unit: nats per pixel. Lower is better.")
        .contains("metric value beta 0.1094 Weight of")
        .contains("active_units 2,114 2,114");
  }

  @Test
  void showsMissingMetricsAsDashesAndUnknownOnesWithoutExplanation() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("test.ssim", 0.5);
    metrics.put("train.taste", 7.5);
    metrics.put("weather", -3.25);
    String text =
        text(
            RunPage.html(
                RunSummaryFixture.of("x", RunSummaryFixture.model1("x").settings(), metrics)));

    assertThat(text)
        .contains("metric train test ssim – 0.5000 Structural similarity")
        .contains("taste 7.500 – ")
        .contains("metric value weather −3.250 Worst")
        .doesNotContain("posterior mixture");
  }

  @Test
  void rendersARunWithoutMetrics() {
    RunSummary none = RunSummaryFixture.of("x", RunSummaryFixture.model1("x").settings(), Map.of());

    assertThat(text(RunPage.html(none)))
        .contains("Metrics All metrics are computed on gray images", "By digit");
    assertThat(text(ComparePage.html(none, RunSummaryFixture.model1("y"))))
        .contains("test.loss – 0.1600");
  }

  @Test
  void distinguishesTheReferencesArchitectureFromItsModel() {
    Settings architecture = RunSummaryFixture.settings(Map.of("lambda", 1));
    assertThat(text(RunPage.html(RunSummaryFixture.of("x", architecture, Map.of()))))
        .contains("The architecture of the reference report's Model 1: each of");
    Settings model =
        RunSummaryFixture.settings(
            Map.of("epochs", 1, "trainer", "local", "workers", 1, "limit", 9, "seed", 1));
    assertThat(text(RunPage.html(RunSummaryFixture.of("x", model, Map.of()))))
        .contains("The reference report's Model 1: each of");
  }

  @Test
  void rejectsARunWithoutEpochs() {
    Settings settings = RunSummaryFixture.model1("x").settings();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new RunSummary(
                    "x", settings, List.of(), Map.of(), List.of(), List.of(), List.of(), List.of(),
                    List.of(), List.of(), List.of(), "", Map.of()))
        .withMessage("run 'x' has no completed epoch.");
  }

  @Test
  void showsDifferencesBeforeEqualValues() {
    String text = text(comparePage);

    assertThat(text)
        .contains(
            "setting A B latent-channels 256 16 dropout 0.01 0.0 epochs 50 13 trainer shared local")
        .contains("test.ssim 0.8400 0.7400 −0.1000 A")
        .contains("test.elbo_nats_per_image −125.4 −203.8 −78.40 A")
        .contains("test.bce_nats_per_pixel 0.1400 0.2400 +0.1000 +71.4 % A")
        .contains("prior.frechet_distance 16 26 +10 +62.5 % A");
    assertThat(text.indexOf("test.ssim")).isLessThan(text.indexOf("train.ssim"));
    String equalValues = text.substring(text.indexOf("Equal values Settings,"));
    assertThat(equalValues)
        .contains("lambda 0.5", "test.active_units 2,114", "versions git commit");
    assertThat(equalValues).doesNotContain("latent-channels", "seed");
  }

  @Test
  void doesNotRankLossesInDifferentUnits() {
    assertThat(text(comparePage))
        .contains("the regularization terms and losses of A and B are in different units")
        .contains("test.loss 0.1600 0.2600 +0.1000 test.bce");
    RunSummary first = RunSummaryFixture.model1("first");
    RunSummary worse =
        RunSummaryFixture.of(
            "worse", first.settings(), RunSummaryFixture.model2("second").metrics());
    assertThat(text(ComparePage.html(first, worse)))
        .contains("test.loss 0.1600 0.2600 +0.1000 +62.5 % A")
        .doesNotContain("in different units");
  }

  @Test
  void comparesTwoRunsWithTheSameSettings() {
    String text =
        text(ComparePage.html(RunSummaryFixture.model1("a"), RunSummaryFixture.model1("b")));

    assertThat(text)
        .contains("Settings that differ None.")
        .contains("Figure 1: the same images in both runs")
        .contains("Layers of both runs");
  }
}
