package org.sparkvae.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.sparkvae.evaluation.DigitClassifier;

/**
 * What the numbers of {@code evaluation.json} were measured with, as {@code provenance.json} keeps
 * it: those of another model are not this one's, nor are those that meant something else.
 *
 * @param model SHA-256 of {@code model.zip}
 * @param definitions {@link EvaluationFile#DEFINITIONS}
 * @param program git commit of the program that measured last
 * @param classifierVersion of {@link DigitClassifier}
 * @param classifier SHA-256 of its weights; empty where no classifier was asked
 */
record EvaluationProvenance(
    @JsonProperty("model_sha256") String model,
    @JsonProperty("definitions") int definitions,
    @JsonProperty("git_commit") String program,
    @JsonProperty("classifier_version") int classifierVersion,
    @JsonProperty("classifier_weights_sha256") String classifier) {
  private static final String KEY = "evaluation";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of what is measured now. */
  static EvaluationProvenance of(Run run, String classifier) {
    return new EvaluationProvenance(
        run.modelChecksum(),
        EvaluationFile.DEFINITIONS,
        String.valueOf(Provenance.program().get("git_commit")),
        DigitClassifier.VERSION,
        classifier);
  }

  /** Of what has been measured, if that is known. */
  static Optional<EvaluationProvenance> read(Run run) {
    if (!run.directory().has(Run.PROVENANCE)) {
      return Optional.empty();
    }
    JsonNode origin = Provenance.read(run).path(KEY);
    try {
      return origin.isMissingNode()
          ? Optional.empty()
          : Optional.of(JSON.treeToValue(origin, EvaluationProvenance.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Whether numbers of one can stand beside numbers of the other. */
  boolean isLike(EvaluationProvenance other) {
    return model.equals(other.model)
        && definitions == other.definitions
        && classifierVersion == other.classifierVersion;
  }

  void write(Run run) {
    ObjectNode provenance = Provenance.read(run);
    provenance.set(KEY, JSON.valueToTree(this));
    run.directory().writeText(Run.PROVENANCE, provenance.toPrettyString() + "\n");
  }
}
