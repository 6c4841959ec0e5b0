package org.sparkvae.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.LayerSummary;
import org.sparkvae.report.page.EmbeddedImage;
import org.sparkvae.report.page.EpochSummary;
import org.sparkvae.report.page.RunSummary;
import org.sparkvae.storage.Storage;
import org.sparkvae.training.EpochRecord;

/** Reader of the data that a run's report shows. */
record RunSummaryReader(Run run) {
  /** File names and captions of the figures that the report embeds if they exist. */
  private static final List<Map.Entry<String, String>> CAPTIONS =
      List.of(
          Map.entry(FigureStage.PRIOR_SAMPLES, "Images generated from the prior N(0, I)"),
          Map.entry(
              FigureStage.MIXTURE_SAMPLES,
              "Images generated from a mixture fitted to the posteriors"),
          Map.entry(
              FigureStage.INTERPOLATION, "Interpolation between test images in latent space"));

  /** Reads a run's summary from its files. */
  static RunSummary read(Run run, SparkSession spark) {
    List<EpochRecord> history = run.history();
    int trainCount = history.get(0).examples();
    run.reporter().progressStarted("reading run '%s'".formatted(run.id()), trainCount);
    try {
      requireTrainReconstructions(run, spark, trainCount);
      FigureImages figureImages = FigureImages.read(run, spark, trainCount);
      run.reporter().progressAdvanced(trainCount);
      return new RunSummaryReader(run)
          .read(history, figureImages, TestImageScores.read(run, spark));
    } finally {
      run.reporter().progressFinished();
    }
  }

  private static void requireTrainReconstructions(Run run, SparkSession spark, int trainCount) {
    long reconstructed = ReconstructionRows.read(run, spark, Split.TRAIN).count();
    if (reconstructed != trainCount) {
      throw ReconstructionRows.invalid(
          run,
          Split.TRAIN,
          "found %,d images, expected %,d as in %s"
              .formatted(reconstructed, trainCount, run.directory().path(Run.HISTORY)));
    }
  }

  private RunSummary read(
      List<EpochRecord> history, FigureImages figureImages, TestImageScores test) {
    JsonNode provenance = Provenance.read(run);
    return new RunSummary(
        run.id(),
        run.settings(),
        epochs(history),
        EvaluationFile.read(run),
        LayerSummary.of(run.modelConfig()),
        figureImages.originals(),
        figureImages.reconstructions(),
        test.best(),
        test.worst(),
        test.digits(),
        generatedFigures(),
        machine(provenance.path("machine")),
        flatten("", provenance, new LinkedHashMap<>()));
  }

  private List<EpochSummary> epochs(List<EpochRecord> history) {
    return history.stream()
        .map(
            epoch ->
                new EpochSummary(
                    FigureStage.loss(epoch),
                    FigureStage.regTerm(epoch),
                    epoch.examples(),
                    epoch.seconds(),
                    epoch.tableOneLine(run.settings().epochs())))
        .toList();
  }

  private List<EmbeddedImage> generatedFigures() {
    Storage figures = run.directory().child(Run.FIGURES);
    return CAPTIONS.stream()
        .filter(figure -> figures.exists(figure.getKey()))
        .map(figure -> EmbeddedImage.ofPng(figure.getValue(), figures.readBytes(figure.getKey())))
        .toList();
  }

  private static String machine(JsonNode machine) {
    // Earlier versions did not record the number of executors, which is then read as 0.
    int executors = machine.path("executors").asInt();
    return "%s%s, %s, %s processors, heap of %s MiB"
        .formatted(
            machine.path("master").asText(),
            executors > 1 ? " with %d executors".formatted(executors) : "",
            machine.path("os").asText(),
            machine.path("processors").asText(),
            machine.path("max_heap_mib").asText());
  }

  /** Adds all values of a JSON tree to a map, by their paths, such as {@code versions spark}. */
  private static Map<String, String> flatten(
      String path, JsonNode node, Map<String, String> values) {
    if (!node.isObject()) {
      values.put(path.strip(), node.asText());
      return values;
    }
    node.fields()
        .forEachRemaining(
            child ->
                flatten(path + " " + child.getKey().replace('_', ' '), child.getValue(), values));
    return values;
  }
}
