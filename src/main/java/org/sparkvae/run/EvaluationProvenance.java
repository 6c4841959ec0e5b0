package org.sparkvae.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.sparkvae.evaluation.DigitClassifier;

/**
 * The origin of the metrics in {@code evaluation.json}, stored in {@code provenance.json}. It
 * detects metrics that belong to another model or have other definitions.
 *
 * @param modelChecksum SHA-256 checksum of {@code model.zip}
 * @param metricsVersion {@link EvaluationFile#METRICS_VERSION}
 * @param gitCommit git commit of the program that computed the metrics last
 * @param classifierVersion version of {@link DigitClassifier}
 * @param classifierChecksum SHA-256 checksum of the classifier's weights; empty if it was not used
 */
record EvaluationProvenance(
    @JsonProperty("model_sha256") String modelChecksum,
    @JsonProperty("definitions") int metricsVersion,
    @JsonProperty("git_commit") String gitCommit,
    @JsonProperty("classifier_version") int classifierVersion,
    @JsonProperty("classifier_weights_sha256") String classifierChecksum) {
  private static final String KEY = "evaluation";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns the provenance of metrics that this process computes for the current model. */
  static EvaluationProvenance current(Run run, String classifierChecksum) {
    return new EvaluationProvenance(
        run.modelChecksum(),
        EvaluationFile.METRICS_VERSION,
        String.valueOf(Provenance.program().get("git_commit")),
        DigitClassifier.VERSION,
        classifierChecksum);
  }

  /** Reads the provenance of existing metrics. Returns empty if it is missing or unreadable. */
  static Optional<EvaluationProvenance> read(Run run) {
    if (!run.directory().exists(Run.PROVENANCE)) {
      return Optional.empty();
    }
    JsonNode evaluation = Provenance.read(run).path(KEY);
    try {
      return evaluation.isMissingNode()
          ? Optional.empty()
          : Optional.of(JSON.treeToValue(evaluation, EvaluationProvenance.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Returns whether metrics with these two origins can be stored in the same file. */
  boolean isCompatibleWith(EvaluationProvenance other) {
    return modelChecksum.equals(other.modelChecksum)
        && metricsVersion == other.metricsVersion
        && classifierVersion == other.classifierVersion;
  }

  /** Adds this entry to {@code provenance.json}. */
  void write(Run run) {
    ObjectNode provenance = Provenance.read(run);
    provenance.set(KEY, JSON.valueToTree(this));
    run.directory().writeText(Run.PROVENANCE, provenance.toPrettyString() + "\n");
  }
}
