package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The page of two runs side by side, A and B: what differs first. */
public final class ComparePage {
  private ComparePage() {}

  /** What {@code compare.mustache} asks for. */
  private record View(
      String title,
      String idA,
      String idB,
      List<String> notes,
      List<String> wordsA,
      List<String> wordsB,
      boolean settingsDiffer,
      List<Both> settings,
      List<MetricDifference> metrics,
      List<ThemedChart> curves,
      List<Figures> figures,
      List<DigitRow> digits,
      List<Both> speed,
      List<LayerTable> layers,
      List<Both> provenance,
      List<NameValue> same,
      List<LayerTable> sameLayers) {}

  /** What both runs have by one name. */
  private record Both(String name, String a, String b) {
    boolean isSame() {
      return a.equals(b);
    }
  }

  /** The same figure of both runs; one picture where they have it in common. */
  private record Figures(String heading, List<EmbeddedImage> pictures) {}

  /** The test images of a label. */
  private record DigitRow(int label, String a, String b, String difference) {}

  /** The page's HTML, which needs nothing besides. */
  public static String html(RunSummary a, RunSummary b) {
    List<Both> settings =
        both(ReportText.settings(a.settings()), ReportText.settings(b.settings()));
    List<Both> provenance = both(facts(a.provenance()), facts(b.provenance()));
    List<MetricDifference> metrics = MetricDifference.of(a, b);
    boolean sameLayers = a.layers().equals(b.layers());
    return Templates.fill(
        "compare.mustache",
        new View(
            "%s and %s – spark-vae".formatted(a.id(), b.id()),
            a.id(),
            b.id(),
            notes(a, b),
            ReportText.configuration(a),
            ReportText.configuration(b),
            !settings.stream().allMatch(Both::isSame),
            settings.stream().filter(each -> !each.isSame()).toList(),
            metrics.stream().filter(each -> !each.isSame()).toList(),
            ThemedChart.ofTwo(a.epochs(), b.epochs()),
            figures(a, b),
            digits(a, b),
            both(TrainingSpeed.of(a), TrainingSpeed.of(b)),
            sameLayers
                ? List.of()
                : List.of(
                    LayerTable.of("Table 2 of A", a.layers()),
                    LayerTable.of("Table 2 of B", b.layers())),
            provenance.stream().filter(each -> !each.isSame()).toList(),
            same(settings, metrics, provenance),
            sameLayers ? List.of(LayerTable.of("Table 2 of both", a.layers())) : List.of()));
  }

  private static List<String> notes(RunSummary a, RunSummary b) {
    List<String> notes = new ArrayList<>();
    ReportText.limit(a.settings()).forEach(limit -> notes.add("A: " + limit));
    ReportText.limit(b.settings()).forEach(limit -> notes.add("B: " + limit));
    if (a.settings().limit() != b.settings().limit()
        || !a.dataChecksum().equals(b.dataChecksum())) {
      notes.add("The two were not given the same images: numbers differ for that reason too.");
    }
    if (!a.classifierChecksum().equals(b.classifierChecksum())) {
      notes.add(
          "The two were judged by different classifiers: what these see differs for that reason too.");
    }
    if (!MetricDifference.haveOneLoss(a.settings(), b.settings())) {
      notes.add(
          "The regularisation term is a mean over latent elements, times 2λ; latent size or λ differ, so A's and B's are not in the same unit, and nor are the losses. Compare cross-entropy, KL divergence and ELBO.");
    }
    return notes;
  }

  private static List<Figures> figures(RunSummary a, RunSummary b) {
    List<Figures> figures = new ArrayList<>();
    boolean sameImages = haveSameOriginals(a, b);
    figures.add(
        new Figures(
            "Figure 1" + (sameImages ? ", the same images in both" : ""),
            sameImages
                ? List.of(RunPage.originals(a))
                : List.of(of("A", RunPage.originals(a)), of("B", RunPage.originals(b)))));
    figures.add(
        new Figures(
            "Reconstructions",
            List.of(of("A", RunPage.reconstructions(a)), of("B", RunPage.reconstructions(b)))));
    Map<String, List<EmbeddedImage>> draws = new LinkedHashMap<>();
    addDraws(draws, "A", a);
    addDraws(draws, "B", b);
    draws.forEach((caption, pictures) -> figures.add(new Figures(caption, pictures)));
    return figures;
  }

  private static void addDraws(
      Map<String, List<EmbeddedImage>> draws, String name, RunSummary run) {
    for (EmbeddedImage each : run.draws()) {
      draws.computeIfAbsent(each.caption(), key -> new ArrayList<>()).add(of(name, each));
    }
  }

  private static boolean haveSameOriginals(RunSummary a, RunSummary b) {
    return a.originals().size() == b.originals().size()
        && IntStream.range(0, a.originals().size())
            .allMatch(i -> Arrays.equals(a.originals().get(i), b.originals().get(i)));
  }

  private static EmbeddedImage of(String run, EmbeddedImage picture) {
    return new EmbeddedImage(run + ": " + picture.caption(), picture.uri());
  }

  private static List<DigitRow> digits(RunSummary a, RunSummary b) {
    Map<Integer, DigitScores> ofB = new LinkedHashMap<>();
    b.digits().forEach(each -> ofB.put(each.label(), each));
    return a.digits().stream()
        .filter(each -> ofB.containsKey(each.label()))
        .map(
            each -> {
              double other = ofB.get(each.label()).bce();
              return new DigitRow(
                  each.label(),
                  NumberFormatter.fixed(each.bce(), 4),
                  NumberFormatter.fixed(other, 4),
                  NumberFormatter.signedFixed(other - each.bce(), 4));
            })
        .toList();
  }

  private static List<NameValue> same(
      List<Both> settings, List<MetricDifference> metrics, List<Both> provenance) {
    List<NameValue> same = new ArrayList<>();
    for (Both each : settings) {
      if (each.isSame()) {
        same.add(new NameValue(each.name(), each.a()));
      }
    }
    for (MetricDifference each : metrics) {
      if (each.isSame()) {
        same.add(new NameValue(String.join("", each.name()), each.a()));
      }
    }
    for (Both each : provenance) {
      if (each.isSame()) {
        same.add(new NameValue(each.name(), each.a()));
      }
    }
    return same;
  }

  private static List<NameValue> facts(Map<String, String> values) {
    List<NameValue> facts = new ArrayList<>();
    values.forEach((name, value) -> facts.add(new NameValue(name, value)));
    return facts;
  }

  /** By name, in A's order, and what only B has after it. */
  private static List<Both> both(List<NameValue> a, List<NameValue> b) {
    Map<String, Both> both = new LinkedHashMap<>();
    a.forEach(
        each -> both.put(each.name(), new Both(each.name(), each.value(), NumberFormatter.NONE)));
    b.forEach(
        each ->
            both.merge(
                each.name(),
                new Both(each.name(), NumberFormatter.NONE, each.value()),
                (left, right) -> new Both(left.name(), left.a(), right.b())));
    return List.copyOf(both.values());
  }
}
