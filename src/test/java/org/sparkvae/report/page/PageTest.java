package org.sparkvae.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.config.Settings;
import org.sparkvae.config.TrainerKind;

class PageTest {
  private static final Pattern REFERENCE =
      Pattern.compile("\\b(?:src|srcset|href|action|poster)\\s*=\\s*[\"']?([^\"'\\s>]*)");

  private static String run() {
    return RunPage.html(RunSummaryFixture.model1("first"));
  }

  private static String both() {
    return ComparePage.html(RunSummaryFixture.model1("first"), RunSummaryFixture.model2("second"));
  }

  /** What a reader sees, without markup and pictures. */
  private static String words(String html) {
    return unescaped(
        html.substring(html.indexOf("<body>"))
            .replaceAll("<wbr>", "")
            .replaceAll("<[^>]*>", " ")
            .replaceAll("\\s+", " "));
  }

  @Test
  void nothingIsFetched() {
    for (String html : List.of(run(), both())) {
      List<String> references = new ArrayList<>();
      Matcher matcher = REFERENCE.matcher(html);
      while (matcher.find()) {
        references.add(matcher.group(1));
      }
      assertThat(references)
          .hasSizeGreaterThan(10)
          .allMatch(each -> each.startsWith("data:") || each.startsWith("#"));
      assertThat(html)
          .contains(
              "\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"")
          .doesNotContain("<script", "@import", "url(", "http://", "https://");
    }
  }

  @Test
  void everyPictureHasWordsAndEveryTableACaption() {
    for (String html : List.of(run(), both())) {
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
  void whatStandsInARunsFilesIsText(String hostile) {
    RunSummary run = RunSummaryFixture.model1(hostile);
    String compared = ComparePage.html(run, RunSummaryFixture.model2("second"));

    for (String html : List.of(RunPage.html(run), compared)) {
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
  void theConfigurationIsSaidInWords() {
    assertThat(words(run()))
        .contains("The report's Model 1: each of an image's 28 rows becomes 256 latent values")
        .contains("7,168 for an image; 1 % of the values are dropped")
        .contains("Trained for 50 epochs in minibatches of 100")
        .contains("β = 0.1094")
        .contains("Figure 4: the same images, reconstructed from 28×256 latent values");
    assertThat(words(RunPage.html(RunSummaryFixture.model2("second"))))
        .contains("The report's Model 2", "nothing is dropped", "Figure 5:", "one worker");
  }

  @Test
  void whatChangesByTheEpochIsSaidInWords() {
    Settings changing =
        new Settings(256, 0.01, 0.5, 5, 0.001, 0.93, 100, 50, TrainerKind.LOCAL, 0, 0, 42);
    assertThat(
            words(RunPage.html(RunSummaryFixture.of("changing", changing, Map.of("beta", 0.11)))))
        .contains("a learning rate of 0.001, after each epoch 0.93 times what it was. The loss")
        .contains(
            "with λ = 0.5 (from 0 in epoch 1 to that in epoch 6; losses are given with all of it), which weighs");
    assertThat(words(run()))
        .contains("a learning rate of 0.001. The loss")
        .contains("with λ = 0.5, which weighs");
  }

  @Test
  void otherSettingsAreTheReadersOwn() {
    Settings own =
        new Settings(32, 0.01, 0.5, 0, 0.001, 1, 100, 1, TrainerKind.AVERAGING, 0, 0, 42);

    assertThat(words(RunPage.html(RunSummaryFixture.of("own", own, Map.of()))))
        .contains("Neither of the report's models")
        .contains(
            "Figure 4: the same images, reconstructed from 28×32 latent values, which is your own");
  }

  @Test
  void aRunOfFewerImagesSaysSo() {
    assertThat(words(run())).doesNotContain("--limit");
    assertThat(words(RunPage.html(RunSummaryFixture.model2("second"))))
        .contains("First 2,000 images of each split only (--limit)");
    assertThat(words(both()))
        .contains("B: First 2,000 images", "The two were not given the same images");
  }

  @Test
  void tableOneIsPrintedForOddEpochs() {
    assertThat(run()).contains("Epoch:1/50, Train_Loss:0.27, ", "Epoch:49/50, Train_Loss:");
    assertThat(run()).doesNotContain("Epoch:2/50");
  }

  @Test
  void trainAndTestStandBesideOneAnotherAndSoDoTheDraws() {
    assertThat(words(run()))
        .contains("metric train test loss 0.1600 0.1600 The report's loss")
        .contains("iwae_5_nats_per_image −124.8 −124.8 Importance-weighted")
        .contains("metric prior posterior mixture floor frechet_distance 16 16 0.5000")
        .contains("classifier_confidence 0.8400 0.8400 – Mean probability")
        .contains("metric value beta 0.1094 Weight of")
        .contains("active_units 2,114 2,114");
  }

  @Test
  void metricsThatAreMissingLeaveADashAndThoseUnknownHaveNoWords() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("test.ssim", 0.5);
    metrics.put("train.taste", 7.5);
    metrics.put("weather", -3.25);
    String words =
        words(
            RunPage.html(
                RunSummaryFixture.of("x", RunSummaryFixture.model1("x").settings(), metrics)));

    assertThat(words)
        .contains("metric train test ssim – 0.5000 Structural similarity")
        .contains("taste 7.500 – ")
        .contains("metric value weather −3.250 Worst")
        .doesNotContain("posterior mixture");
  }

  @Test
  void aRunWithoutMetricsHasAPage() {
    RunSummary none = RunSummaryFixture.of("x", RunSummaryFixture.model1("x").settings(), Map.of());

    assertThat(words(RunPage.html(none))).contains("Metrics Of the grey images", "By digit");
    assertThat(words(ComparePage.html(none, RunSummaryFixture.model1("y"))))
        .contains("test.loss – 0.1600");
  }

  @Test
  void aModelTrainedOtherwiseHasTheReportsArchitectureAlone() {
    Settings settings =
        new Settings(256, 0.01, 1, 0, 0.001, 1, 100, 50, TrainerKind.SHARED, 0, 0, 42);
    assertThat(words(RunPage.html(RunSummaryFixture.of("x", settings, Map.of()))))
        .contains("The architecture of the report's Model 1: each of");
  }

  @Test
  void aRunWithoutEpochsIsRefused() {
    Settings settings = RunSummaryFixture.model1("x").settings();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new RunSummary(
                    "x", settings, List.of(), Map.of(), List.of(), List.of(), List.of(), List.of(),
                    List.of(), List.of(), List.of(), "", Map.of()))
        .withMessage("run 'x' has no epoch");
  }

  @Test
  void differencesComeFirstAndWhatIsTheSameIsFolded() {
    String words = words(both());

    assertThat(words)
        .contains(
            "setting A B latent-size 256 16 dropout 0.01 0.0 epochs 50 13 trainer shared local")
        .contains("test.ssim 0.8400 0.7400 −0.1000 A")
        .contains("test.elbo_nats_per_image −125.4 −203.8 −78.40 A")
        .contains("test.bce_nats_per_pixel 0.1400 0.2400 +0.1000 +71.4 % A")
        .contains("prior.frechet_distance 16 26 +10 +62.5 % A");
    assertThat(words.indexOf("test.ssim")).isLessThan(words.indexOf("train.ssim"));
    String same = words.substring(words.indexOf("The same in both"));
    assertThat(same).contains("lambda 0.5", "test.active_units 2,114", "versions git commit");
    assertThat(same).doesNotContain("latent-channels", "seed");
  }

  @Test
  void lossesInDifferentUnitsAreNotJudged() {
    assertThat(words(both()))
        .contains("A's and B's are not in the same unit")
        .contains("test.loss 0.1600 0.2600 +0.1000 test.bce");
    RunSummary first = RunSummaryFixture.model1("first");
    RunSummary worse =
        RunSummaryFixture.of(
            "worse", first.settings(), RunSummaryFixture.model2("second").metrics());
    assertThat(words(ComparePage.html(first, worse)))
        .contains("test.loss 0.1600 0.2600 +0.1000 +62.5 % A")
        .doesNotContain("not in the same unit");
  }

  @Test
  void twoRunsOfTheSameSettingsHaveNoneThatDiffer() {
    String words =
        words(ComparePage.html(RunSummaryFixture.model1("a"), RunSummaryFixture.model1("b")));

    assertThat(words)
        .contains("Settings that differ None.")
        .contains("Figure 1, the same images in both")
        .contains("Table 2 of both");
  }
}
