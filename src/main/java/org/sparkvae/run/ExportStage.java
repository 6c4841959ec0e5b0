package org.sparkvae.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.export.ModelExport;

/** Writes a run's model for programs that are not this one. */
final class ExportStage {
  private ExportStage() {}

  static void export(Run run) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("run_id", run.id());
    metadata.put("model_sha256", run.modelChecksum());
    String description = ModelExport.description(run.architecture(), metadata);
    if (isThere(run, description)) {
      run.reporter().say("exported already: " + run.directory().path(Run.WEIGHTS));
      return;
    }
    ComputationGraph model = run.model();
    run.directory()
        .write(
            Run.WEIGHTS,
            stream -> ModelExport.weights(model, run.architecture(), metadata, stream));
    // Last, since it vouches for the weights.
    run.directory().writeText(Run.DESCRIPTION, description);
    run.reporter().say("weights: " + run.directory().path(Run.WEIGHTS));
    run.reporter().say("description: " + run.directory().path(Run.DESCRIPTION));
  }

  private static boolean isThere(Run run, String description) {
    return run.directory().has(Run.WEIGHTS)
        && run.directory().has(Run.DESCRIPTION)
        && run.directory().readText(Run.DESCRIPTION).equals(description);
  }
}
