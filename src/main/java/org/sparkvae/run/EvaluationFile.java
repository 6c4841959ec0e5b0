package org.sparkvae.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.sparkvae.evaluation.ReconstructionScores;
import org.sparkvae.mnist.Split;

/** {@code evaluation.json}: one flat object of name to number. */
final class EvaluationFile {
  static final String BETA = "beta";
  static final String ACTIVE_UNITS = "active_units";

  private static final ObjectMapper JSON = new ObjectMapper();

  private EvaluationFile() {}

  /** The names of an evaluation with so many draws for the importance-weighted bound. */
  static Set<String> names(int draws) {
    Set<String> names = new LinkedHashSet<>();
    names.add(BETA);
    for (Split split : Split.values()) {
      ReconstructionScores.NAMES.forEach(name -> names.add(of(split, name)));
      names.add(of(split, bound(draws)));
      names.add(of(split, ACTIVE_UNITS));
    }
    return names;
  }

  static String of(Split split, String name) {
    return split + "." + name;
  }

  static String bound(int draws) {
    return "iwae_%d_nats_per_image".formatted(draws);
  }

  /** What has been measured; nothing, with a warning, if the file cannot be read. */
  static Map<String, Double> read(Run run) {
    if (!run.directory().has(Run.EVALUATION)) {
      return new LinkedHashMap<>();
    }
    try {
      return JSON.readValue(
          run.directory().readText(Run.EVALUATION),
          new TypeReference<LinkedHashMap<String, Double>>() {});
    } catch (JsonProcessingException e) {
      run.reporter()
          .warn(
              "%s cannot be read and is made again (%s)"
                  .formatted(run.directory().path(Run.EVALUATION), e.getOriginalMessage()));
      return new LinkedHashMap<>();
    }
  }

  static void write(Run run, Map<String, Double> metrics) {
    metrics.forEach(
        (name, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalStateException("%s is %s".formatted(name, value));
          }
        });
    try {
      run.directory()
          .writeText(
              Run.EVALUATION,
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(metrics) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
