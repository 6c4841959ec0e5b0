package org.sparkvae.run;

import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.function.Uncheck;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.export.ModelExport;

/** The stage that writes a run's model for other tools. */
final class ExportStage {
  private ExportStage() {}

  /** Writes {@code model.safetensors} and {@code model.json} unless they are up to date. */
  static void export(Run run) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("run_id", run.id());
    metadata.put("model_sha256", run.modelChecksum());
    String description = ModelExport.description(run.modelConfig(), metadata);
    ComputationGraph model = run.model();
    IOConsumer<OutputStream> weights =
        target -> ModelExport.writeWeights(model, run.modelConfig(), metadata, target);
    if (isUpToDate(run, weights, description)) {
      run.reporter().info("already exported: " + run.directory().path(Run.WEIGHTS));
      return;
    }
    run.directory().write(Run.WEIGHTS, weights);
    run.directory().writeText(Run.DESCRIPTION, description);
    run.reporter().info("weights: " + run.directory().path(Run.WEIGHTS));
    run.reporter().info("description: " + run.directory().path(Run.DESCRIPTION));
  }

  private static boolean isUpToDate(Run run, IOConsumer<OutputStream> weights, String description) {
    return run.directory().exists(Run.WEIGHTS)
        && run.directory().exists(Run.DESCRIPTION)
        && run.directory().readText(Run.DESCRIPTION).equals(description)
        && run.directory().read(Run.WEIGHTS, DigestUtils::sha256Hex).equals(checksum(weights));
  }

  private static String checksum(IOConsumer<OutputStream> writer) {
    MessageDigest sha256 = DigestUtils.getSha256Digest();
    Uncheck.accept(writer, new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
    return Hex.encodeHexString(sha256.digest());
  }
}
