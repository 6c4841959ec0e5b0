package org.sparkvae.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkvae.export.ModelExport;
import org.sparkvae.model.NativeBackend;

/** The stage that writes a run's model for other tools. */
final class ExportStage {
  private ExportStage() {}

  /** Writes {@code model.safetensors} and {@code model.json} unless they are up to date. */
  static void export(Run run) {
    // A machine that exports a model need not have a GPU.
    NativeBackend.selectCpu();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("run_id", run.id());
    metadata.put("model_sha256", run.modelChecksum());
    String description = ModelExport.description(run.modelConfig(), metadata);
    byte[] weights = ModelExport.weights(run.model(), run.modelConfig(), metadata);
    if (isUpToDate(run, weights, description)) {
      run.reporter().info("already exported: " + run.directory().path(Run.WEIGHTS));
      return;
    }
    run.directory().write(Run.WEIGHTS, stream -> stream.write(weights));
    run.directory().writeText(Run.DESCRIPTION, description);
    run.reporter().info("weights: " + run.directory().path(Run.WEIGHTS));
    run.reporter().info("description: " + run.directory().path(Run.DESCRIPTION));
  }

  private static boolean isUpToDate(Run run, byte[] weights, String description) {
    return run.directory().exists(Run.WEIGHTS)
        && run.directory().exists(Run.DESCRIPTION)
        && run.directory().readText(Run.DESCRIPTION).equals(description)
        && run.directory()
            .read(Run.WEIGHTS, DigestUtils::sha256Hex)
            .equals(DigestUtils.sha256Hex(weights));
  }
}
