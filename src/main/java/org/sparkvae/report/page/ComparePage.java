package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The page that compares two runs, A and B. It shows the differences first. */
public final class ComparePage {
  private ComparePage() {}

  /** The values of {@code compare.mustache}. */
  private record View(
      String title,
      String idA,
      String idB,
      List<String> notes,
      List<String> descriptionA,
      List<String> descriptionB,
      boolean settingsDiffer,
      List<ComparedValue> settings,
      List<MetricDifference> metrics,
      List<ThemedChart> curves,
      List<FigureGroup> figures,
      List<DigitRow> digits,
      List<ComparedValue> speed,
      List<LayerTable> layers,
      List<ComparedValue> provenance,
      List<NameValue> equalValues,
      List<LayerTable> sharedLayers) {}

  /** A value of both runs. */
  private record ComparedValue(String name, String a, String b) {
    boolean isEqual() {
      return a.equals(b);
    }
  }

  /** The same figure of both runs, or one image if it is the same in both. */
  private record FigureGroup(String heading, List<EmbeddedImage> images) {}

  /** The mean cross-entropies of a label's test images. */
  private record DigitRow(int label, String a, String b, String difference) {}

  /** Returns the page as self-contained HTML. */
  public static String html(RunSummary a, RunSummary b) {
    List<ComparedValue> settings =
        compareByName(ReportText.settings(a.settings()), ReportText.settings(b.settings()));
    List<ComparedValue> provenance =
        compareByName(NameValue.of(a.provenance()), NameValue.of(b.provenance()));
    List<MetricDifference> metrics = MetricDifference.of(a, b);
    boolean hasSameLayers = a.layers().equals(b.layers());
    return Templates.fill(
        "compare.mustache",
        new View(
            "%s and %s – spark-vae".formatted(a.id(), b.id()),
            a.id(),
            b.id(),
            notes(a, b),
            ReportText.describe(a),
            ReportText.describe(b),
            !settings.stream().allMatch(ComparedValue::isEqual),
            settings.stream().filter(setting -> !setting.isEqual()).toList(),
            metrics.stream().filter(metric -> !metric.isEqual()).toList(),
            ThemedChart.ofComparison(a.epochs(), b.epochs()),
            figures(a, b),
            digits(a, b),
            compareByName(TrainingSpeed.of(a), TrainingSpeed.of(b)),
            hasSameLayers
                ? List.of()
                : List.of(
                    LayerTable.of("Layers of A", a.layers()),
                    LayerTable.of("Layers of B", b.layers())),
            provenance.stream().filter(value -> !value.isEqual()).toList(),
            equalValues(settings, metrics, provenance),
            hasSameLayers ? List.of(LayerTable.of("Layers of both runs", a.layers())) : List.of()));
  }

  private static List<String> notes(RunSummary a, RunSummary b) {
    List<String> notes = new ArrayList<>();
    ReportText.limitNote(a).forEach(note -> notes.add("A: " + note));
    ReportText.limitNote(b).forEach(note -> notes.add("B: " + note));
    if (a.settings().limit() != b.settings().limit()
        || !a.dataChecksum().equals(b.dataChecksum())) {
      notes.add("A and B used different images. This can explain differences in all metrics.");
    }
    if (!a.classifierChecksum().equals(b.classifierChecksum())) {
      notes.add(
          "A and B were evaluated with different classifiers. This can explain differences in the metrics that use the classifier.");
    }
    if (!MetricDifference.haveSameLossUnit(a.settings(), b.settings())) {
      notes.add(
          "The regularization term is the mean KL divergence per latent element, times 2λ. The number of latent channels or λ differs, so the regularization terms and losses of A and B are in different units. Compare cross-entropy, KL divergence and ELBO instead.");
    }
    return notes;
  }

  private static List<FigureGroup> figures(RunSummary a, RunSummary b) {
    List<FigureGroup> figures = new ArrayList<>();
    boolean hasSameOriginals = haveSameOriginals(a, b);
    figures.add(
        new FigureGroup(
            "Figure 1" + (hasSameOriginals ? ": the same images in both runs" : ""),
            hasSameOriginals
                ? List.of(RunPage.originals(a))
                : List.of(labeled("A", RunPage.originals(a)), labeled("B", RunPage.originals(b)))));
    figures.add(
        new FigureGroup(
            "Reconstructions",
            List.of(
                labeled("A", RunPage.reconstructions(a)),
                labeled("B", RunPage.reconstructions(b)))));
    Map<String, List<EmbeddedImage>> generated = new LinkedHashMap<>();
    addGenerated(generated, "A", a);
    addGenerated(generated, "B", b);
    generated.forEach((caption, images) -> figures.add(new FigureGroup(caption, images)));
    return figures;
  }

  private static void addGenerated(
      Map<String, List<EmbeddedImage>> byCaption, String label, RunSummary run) {
    for (EmbeddedImage image : run.generatedImages()) {
      byCaption
          .computeIfAbsent(image.caption(), key -> new ArrayList<>())
          .add(labeled(label, image));
    }
  }

  private static boolean haveSameOriginals(RunSummary a, RunSummary b) {
    return Arrays.deepEquals(a.originals().toArray(), b.originals().toArray());
  }

  private static EmbeddedImage labeled(String label, EmbeddedImage image) {
    return new EmbeddedImage(label + ": " + image.caption(), image.uri());
  }

  private static List<DigitRow> digits(RunSummary a, RunSummary b) {
    Map<Integer, DigitScores> scoresOfB = new LinkedHashMap<>();
    b.digits().forEach(scores -> scoresOfB.put(scores.label(), scores));
    return a.digits().stream()
        .filter(scores -> scoresOfB.containsKey(scores.label()))
        .map(
            scores -> {
              double other = scoresOfB.get(scores.label()).bce();
              return new DigitRow(
                  scores.label(),
                  NumberFormatter.fixed(scores.bce(), 4),
                  NumberFormatter.fixed(other, 4),
                  NumberFormatter.signedFixed(other - scores.bce(), 4));
            })
        .toList();
  }

  private static List<NameValue> equalValues(
      List<ComparedValue> settings,
      List<MetricDifference> metrics,
      List<ComparedValue> provenance) {
    Stream<ComparedValue> comparedMetrics =
        metrics.stream()
            .map(
                metric ->
                    new ComparedValue(String.join("", metric.name()), metric.a(), metric.b()));
    return Stream.of(settings.stream(), comparedMetrics, provenance.stream())
        .flatMap(Function.identity())
        .filter(ComparedValue::isEqual)
        .map(value -> new NameValue(value.name(), value.a()))
        .toList();
  }

  /** Joins values by name, in the order of A, followed by the names that only B has. */
  private static List<ComparedValue> compareByName(List<NameValue> a, List<NameValue> b) {
    Map<String, ComparedValue> compared = new LinkedHashMap<>();
    a.forEach(
        ofA ->
            compared.put(
                ofA.name(), new ComparedValue(ofA.name(), ofA.value(), NumberFormatter.MISSING)));
    b.forEach(
        ofB ->
            compared.merge(
                ofB.name(),
                new ComparedValue(ofB.name(), NumberFormatter.MISSING, ofB.value()),
                (left, right) -> new ComparedValue(left.name(), left.a(), right.b())));
    return List.copyOf(compared.values());
  }
}
