package org.sparkvae.run;

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

/** The stage that reconstructs every image of both splits and writes the result as Parquet. */
final class ReconstructStage {
  private static final String MODEL_CHECKSUM = "sparkvae.model_sha256";
  private static final String TEST_IMAGE_COUNT = "sparkvae.test_images";

  private ReconstructStage() {}

  /**
   * Reconstructs all images unless reconstructions of the current model exist.
   *
   * @param latent whether z is a sample or the mean of the posterior
   */
  static void reconstruct(Run run, RunImages images, Latent latent) {
    String target = directory(latent);
    String modelChecksum = run.modelChecksum();
    if (run.directory().exists(target)) {
      if (isFromModel(modelChecksum, run, target)) {
        run.reporter().info("already reconstructed: " + run.directory().path(target));
        return;
      }
      run.reporter()
          .warn(
              "%s: is from another model and is recreated."
                  .formatted(run.directory().path(target)));
      if (latent == Latent.SAMPLE) {
        // The metrics and figures of the other model are outdated.
        run.directory().delete(Run.SUCCESS);
        run.directory().deleteDirectory(Run.FIGURES);
      }
    }
    byte[] archive = ModelFile.forInference(run.model());
    Dataset<Row> allImages = images.train().unionByName(images.test());
    Map<String, Integer> counts =
        Map.of(
            Split.TRAIN.toString(), images.trainCount(), Split.TEST.toString(), images.testCount());
    Map<String, String> metadata =
        Map.of(
            "sparkvae.run_id",
            run.id(),
            MODEL_CHECKSUM,
            modelChecksum,
            "sparkvae.epoch",
            String.valueOf(run.settings().epochs()),
            TEST_IMAGE_COUNT,
            String.valueOf(images.testCount()));
    ImageProgress.run(
        run.reporter(),
        "reconstructing",
        images.trainCount() + images.testCount(),
        () ->
            ReconstructionWriter.write(
                run.directory(),
                target,
                allImages,
                counts,
                metadata,
                partitioned ->
                    DataFrameReconstructor.reconstructPartitions(
                        partitioned, archive, latent, run.settings().seed())));
    run.reporter().info("reconstructions: " + run.directory().path(target));
  }

  /**
   * Requires reconstructions of the current model.
   *
   * @throws ConfigurationException if they are missing or from another model
   */
  static void requireReconstructions(Run run) {
    run.requireOutput(Run.MODEL, "train");
    run.requireOutput(Run.RECONSTRUCTIONS, "reconstruct");
    if (!isFromModel(run.modelChecksum(), run, Run.RECONSTRUCTIONS)) {
      throw new ConfigurationException(
          "Run '%s' has reconstructions of another model in %s. Recreate them with: %s"
              .formatted(run.id(), run.directory(), run.commandLine("reconstruct")));
    }
  }

  /** Returns the number of reconstructed test images, or empty if an earlier version wrote them. */
  static Optional<Long> testImageCount(Run run) {
    return ReconstructionWriter.metadata(run.directory(), Run.RECONSTRUCTIONS, TEST_IMAGE_COUNT)
        .map(count -> parseCount(run, count));
  }

  private static long parseCount(Run run, String count) {
    try {
      return Long.parseLong(count);
    } catch (NumberFormatException e) {
      throw new InputDataException(
          "%s: %s is '%s', expected a number. Restore this directory from a copy, or delete it and recreate it with: %s"
              .formatted(
                  run.directory().path(Run.RECONSTRUCTIONS),
                  TEST_IMAGE_COUNT,
                  count,
                  run.commandLine("reconstruct")),
          e);
    }
  }

  private static boolean isFromModel(String modelChecksum, Run run, String target) {
    return ReconstructionWriter.metadata(run.directory(), target, MODEL_CHECKSUM)
        .filter(modelChecksum::equals)
        .isPresent();
  }

  /** Returns the name of the directory of reconstructions. */
  static String directory(Latent latent) {
    return latent == Latent.SAMPLE ? Run.RECONSTRUCTIONS : Run.RECONSTRUCTIONS + "-mean";
  }
}
