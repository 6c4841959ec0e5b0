package org.sparkvae.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ImageDecoder.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.VaeGraph;
import org.sparkvae.reconstruction.Publication;
import org.sparkvae.reconstruction.Reconstructor;

/** Decodes every image of both splits to Parquet. */
final class ReconstructStage {
  private ReconstructStage() {}

  static void reconstruct(Run run, Images images, Latent latent) throws IOException {
    String target = directory(latent);
    if (run.directory().has(target)) {
      run.reporter().say("reconstructed already: " + run.directory().path(target));
      return;
    }
    byte[] archive = run.directory().read(Run.MODEL, InputStream::readAllBytes);
    ComputationGraph model = VaeGraph.forThisBuild(ModelFile.read(archive), run.architecture());

    byte[] forInference = ModelFile.forInference(model);
    Map<String, Dataset<Row>> splits = new LinkedHashMap<>();
    splits.put(Split.TRAIN.toString(), decoded(images.train(), forInference, run, latent));
    splits.put(Split.TEST.toString(), decoded(images.test(), forInference, run, latent));

    Map<String, Integer> counts =
        Map.of(
            Split.TRAIN.toString(), images.trainCount(), Split.TEST.toString(), images.testCount());
    Map<String, String> metadata =
        Map.of(
            "sparkvae.run_id", run.id(),
            "sparkvae.model_sha256", DigestUtils.sha256Hex(archive),
            "sparkvae.epoch", String.valueOf(run.settings().epochs()));
    ImageProgress.show(
        run.reporter(),
        "reconstructing",
        images.trainCount() + images.testCount(),
        () -> Publication.publish(run.directory(), target, splits, counts, metadata));
    run.reporter().say("reconstructions: " + run.directory().path(target));
  }

  static String directory(Latent latent) {
    return latent == Latent.SAMPLE ? Run.RECONSTRUCTIONS : Run.RECONSTRUCTIONS + "-mean";
  }

  private static Dataset<Row> decoded(Dataset<Row> images, byte[] model, Run run, Latent latent) {
    return Reconstructor.reconstruct(images, model, latent, run.settings().seed());
  }
}
