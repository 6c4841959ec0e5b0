package org.sparkvae.run;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.export.ModelExport;
import org.sparkvae.storage.Storage;

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
    Storage.ContentWriter<OutputStream> weights =
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

  private static boolean isUpToDate(
      Run run, Storage.ContentWriter<OutputStream> weights, String description) {
    return run.directory().exists(Run.WEIGHTS)
        && run.directory().exists(Run.DESCRIPTION)
        && run.directory().readText(Run.DESCRIPTION).equals(description)
        && run.directory().read(Run.WEIGHTS, DigestUtils::sha256Hex).equals(checksum(weights));
  }

  private static String checksum(Storage.ContentWriter<OutputStream> writer) {
    MessageDigest sha256 = DigestUtils.getSha256Digest();
    try (OutputStream digesting = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      writer.writeTo(digesting);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Hex.encodeHexString(sha256.digest());
  }
}
