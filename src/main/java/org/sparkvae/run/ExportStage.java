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

/** Writes a run's model for programs that are not this one. */
final class ExportStage {
  private ExportStage() {}

  static void export(Run run) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("run_id", run.id());
    metadata.put("model_sha256", run.modelChecksum());
    String description = ModelExport.description(run.architecture(), metadata);
    ComputationGraph model = run.model();
    Storage.Writing<OutputStream> weights =
        target -> ModelExport.weights(model, run.architecture(), metadata, target);
    if (isThere(run, weights, description)) {
      run.reporter().say("exported already: " + run.directory().path(Run.WEIGHTS));
      return;
    }
    run.directory().write(Run.WEIGHTS, weights);
    run.directory().writeText(Run.DESCRIPTION, description);
    run.reporter().say("weights: " + run.directory().path(Run.WEIGHTS));
    run.reporter().say("description: " + run.directory().path(Run.DESCRIPTION));
  }

  private static boolean isThere(
      Run run, Storage.Writing<OutputStream> weights, String description) {
    return run.directory().has(Run.WEIGHTS)
        && run.directory().has(Run.DESCRIPTION)
        && run.directory().readText(Run.DESCRIPTION).equals(description)
        && run.directory().read(Run.WEIGHTS, DigestUtils::sha256Hex).equals(checksum(weights));
  }

  private static String checksum(Storage.Writing<OutputStream> content) {
    MessageDigest sha256 = DigestUtils.getSha256Digest();
    try (OutputStream digesting = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      content.to(digesting);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Hex.encodeHexString(sha256.digest());
  }
}
