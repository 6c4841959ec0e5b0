package org.sparkvae.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.LayerSummary;
import org.sparkvae.report.EpochPoint;
import org.sparkvae.report.page.EmbeddedImage;
import org.sparkvae.report.page.EpochSummary;
import org.sparkvae.report.page.RunSummary;
import org.sparkvae.training.EpochRecord;

/** Gathers from a run's files what its page says. */
final class RunSummaryReader {
  /** Figures that are shown as they lie on disk, where they do. */
  private static final Map<String, String> DRAWS = draws();

  private final Run run;

  private RunSummaryReader(Run run) {
    this.run = run;
  }

  static RunSummary read(Run run, SparkSession spark) {
    List<EpochRecord> history = run.history();
    int trainImages = history.get(0).examples();
    run.reporter().started("reading run '%s'".formatted(run.id()), trainImages);
    try {
      requireReconstructionsOf(run, spark, trainImages);
      FigureImages random = FigureImages.of(run, spark, trainImages);
      run.reporter().advanced(trainImages);
      return new RunSummaryReader(run).read(history, random, TestImageScores.of(run, spark));
    } finally {
      run.reporter().finished();
    }
  }

  private static void requireReconstructionsOf(Run run, SparkSession spark, int trainImages) {
    long decoded = ReconstructionRows.of(run, spark, Split.TRAIN).count();
    if (decoded != trainImages) {
      throw new InputDataException(
          "%s says that %,d images were trained on, and %s has %,d in split=train; put the one that has changed back from a copy, or delete the latter and make it anew with: reconstruct --run-id %s"
              .formatted(
                  run.directory().path(Run.HISTORY),
                  trainImages,
                  run.directory().path(Run.RECONSTRUCTIONS),
                  decoded,
                  run.id()));
    }
  }

  private RunSummary read(List<EpochRecord> history, FigureImages random, TestImageScores test) {
    JsonNode provenance = Provenance.read(run);
    return new RunSummary(
        run.id(),
        run.settings(),
        epochs(history),
        EvaluationFile.read(run),
        LayerSummary.of(run.architecture()),
        random.originals(),
        random.reconstructions(),
        test.best(),
        test.worst(),
        test.digits(),
        pictures(),
        machine(provenance.path("machine")),
        flat("", provenance, new LinkedHashMap<>()));
  }

  private List<EpochSummary> epochs(List<EpochRecord> history) {
    List<EpochPoint> losses = FigureStage.losses(history);
    List<EpochPoint> regTerms = FigureStage.regTerms(history);
    List<EpochSummary> epochs = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      EpochRecord each = history.get(i);
      epochs.add(
          new EpochSummary(
              losses.get(i),
              regTerms.get(i),
              each.examples(),
              each.seconds(),
              each.tableOneLine(run.settings().epochs())));
    }
    return epochs;
  }

  private List<EmbeddedImage> pictures() {
    List<EmbeddedImage> pictures = new ArrayList<>();
    DRAWS.forEach(
        (file, caption) -> {
          if (run.directory().in(Run.FIGURES).has(file)) {
            byte[] png = run.directory().in(Run.FIGURES).readBytes(file);
            pictures.add(EmbeddedImage.ofPng(caption, png));
          }
        });
    return pictures;
  }

  private static Map<String, String> draws() {
    Map<String, String> draws = new LinkedHashMap<>();
    draws.put(FigureStage.PRIOR_DRAWS, "Draws from the prior N(0, I), decoded");
    draws.put(FigureStage.MIXTURE_DRAWS, "Draws from a mixture fitted to the posteriors, decoded");
    draws.put(
        FigureStage.INTERPOLATION, "From one image to another through the latent values, decoded");
    return draws;
  }

  private static String machine(JsonNode machine) {
    // Earlier versions did not write down how many.
    int executors = machine.path("executors").asInt();
    return "%s%s, %s, %s processors, heap of %s MiB"
        .formatted(
            machine.path("master").asText(),
            executors > 1 ? " with %d executors".formatted(executors) : "",
            machine.path("os").asText(),
            machine.path("processors").asText(),
            machine.path("max_heap_mib").asText());
  }

  /** Values by the words on the way to them, such as {@code versions spark}. */
  private static Map<String, String> flat(String path, JsonNode node, Map<String, String> into) {
    if (!node.isObject()) {
      into.put(path.strip(), node.asText());
      return into;
    }
    node.fields()
        .forEachRemaining(
            each -> flat(path + " " + each.getKey().replace('_', ' '), each.getValue(), into));
    return into;
  }
}
