package org.sparkvae.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;
import org.sparkvae.model.ImageReconstructor.Latent;
import org.sparkvae.model.ModelFile;
import org.sparkvae.reconstruction.DataFrameReconstructor;
import org.sparkvae.reconstruction.ReconstructionWriter;

/** Decodes every image of both splits to Parquet. */
final class ReconstructStage {
  private static final String MODEL = "sparkvae.model_sha256";
  private static final String TEST_IMAGES = "sparkvae.test_images";

  private ReconstructStage() {}

  static void reconstruct(Run run, RunImages images, Latent latent) {
    String target = directory(latent);
    String model = run.modelChecksum();
    if (run.directory().has(target)) {
      if (isOf(model, run, target)) {
        run.reporter().say("reconstructed already: " + run.directory().path(target));
        return;
      }
      run.reporter()
          .warn("%s is of another model and is made again".formatted(run.directory().path(target)));
      if (latent == Latent.SAMPLE) {
        // What was measured and drawn of the other model is not yet made anew.
        run.directory().delete(Run.SUCCESS);
        discardFigures(run);
      }
    }
    byte[] forInference = ModelFile.forInference(run.model());
    Map<String, Dataset<Row>> splits = new LinkedHashMap<>();
    splits.put(Split.TRAIN.toString(), decoded(images.train(), forInference, run, latent));
    splits.put(Split.TEST.toString(), decoded(images.test(), forInference, run, latent));

    Map<String, Integer> counts =
        Map.of(
            Split.TRAIN.toString(), images.trainCount(), Split.TEST.toString(), images.testCount());
    Map<String, String> metadata =
        Map.of(
            "sparkvae.run_id",
            run.id(),
            MODEL,
            model,
            "sparkvae.epoch",
            String.valueOf(run.settings().epochs()),
            TEST_IMAGES,
            String.valueOf(images.testCount()));
    ImageProgress.show(
        run.reporter(),
        "reconstructing",
        images.trainCount() + images.testCount(),
        () -> ReconstructionWriter.publish(run.directory(), target, splits, counts, metadata));
    run.reporter().say("reconstructions: " + run.directory().path(target));
  }

  /**
   * Makes sure that there are reconstructions, and that they are the model's.
   *
   * @throws ConfigurationException if not, naming the verb that makes them
   */
  static void require(Run run) {
    run.require(Run.MODEL, "train");
    run.require(Run.RECONSTRUCTIONS, "reconstruct");
    if (!isOf(run.modelChecksum(), run, Run.RECONSTRUCTIONS)) {
      throw new ConfigurationException(
          "run '%s' has reconstructions of another model; make them anew with: reconstruct --run-id %s"
              .formatted(run.id(), run.id()));
    }
  }

  /** How many test images were reconstructed; earlier versions did not write it down. */
  static Optional<Long> testImages(Run run) {
    return ReconstructionWriter.metadata(run.directory(), Run.RECONSTRUCTIONS, TEST_IMAGES)
        .map(written -> number(run, written));
  }

  private static long number(Run run, String written) {
    try {
      return Long.parseLong(written);
    } catch (NumberFormatException e) {
      throw new InputDataException(
          "%s says that it is of '%s' test images; put it back from a copy, or delete it and make it anew with: reconstruct --run-id %s"
              .formatted(run.directory().path(Run.RECONSTRUCTIONS), written, run.id()),
          e);
    }
  }

  private static boolean isOf(String model, Run run, String target) {
    return ReconstructionWriter.metadata(run.directory(), target, MODEL)
        .filter(model::equals)
        .isPresent();
  }

  private static void discardFigures(Run run) {
    if (run.directory().has(Run.FIGURES)) {
      run.directory().deleteDirectory(Run.FIGURES);
    }
  }

  static String directory(Latent latent) {
    return latent == Latent.SAMPLE ? Run.RECONSTRUCTIONS : Run.RECONSTRUCTIONS + "-mean";
  }

  private static Dataset<Row> decoded(Dataset<Row> images, byte[] model, Run run, Latent latent) {
    return DataFrameReconstructor.reconstruct(images, model, latent, run.settings().seed());
  }
}
