package org.sparkvae.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.function.Uncheck;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;

/**
 * The classifier for MNIST that is part of the jar, so that the metrics of all machines come from
 * the same classifier. {@code bench/train-classifier} trains it with {@link ClassifierTrainer}.
 */
public final class MnistClassifier {
  /** The resource with the classifier's archive. */
  public static final String ARCHIVE = "mnist-classifier.zip";

  /** The resource with the classifier's description. */
  public static final String DESCRIPTION = "mnist-classifier.json";

  private MnistClassifier() {}

  /**
   * The description of the classifier.
   *
   * @param version {@link DigitClassifier#VERSION} when it was trained
   * @param dataSetChecksum the SHA-256 checksum of the data set, which is MNIST
   * @param weightsChecksum the SHA-256 checksum of the weights
   * @param testAccuracy the accuracy on the 10,000 original test images
   */
  public record Description(
      @JsonProperty("version") int version,
      @JsonProperty("data_set_sha256") String dataSetChecksum,
      @JsonProperty("weights_sha256") String weightsChecksum,
      @JsonProperty("test_accuracy") double testAccuracy) {}

  /** Returns the classifier if the data set is MNIST. */
  public static Optional<TrainedClassifier> forDataSet(String checksum) {
    Description description = description();
    return description.dataSetChecksum().equals(checksum)
        ? Optional.of(new TrainedClassifier(read(ARCHIVE), description.testAccuracy()))
        : Optional.empty();
  }

  static Description description() {
    return Uncheck.get(() -> new ObjectMapper().readValue(read(DESCRIPTION), Description.class));
  }

  private static byte[] read(String resource) {
    return Uncheck.get(() -> IOUtils.toByteArray(MnistClassifier.class.getResource(resource)));
  }
}
