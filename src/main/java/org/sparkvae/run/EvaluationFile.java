package org.sparkvae.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sparkvae.evaluation.GenerativeMetrics;
import org.sparkvae.evaluation.ReconstructionMetrics;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.Split;

/** {@code evaluation.json}: one flat object of name to number. */
final class EvaluationFile {
  /** Whatever changes what a name stands for has to change this too. */
  static final int DEFINITIONS = 3;

  static final String BETA = "beta";
  static final String CLASSIFIER_ACCURACY = "classifier.test_accuracy";
  static final String FLOOR = "floor.frechet_distance";
  static final String LINEAR_PROBE_ACCURACY = "latent.linear_probe_accuracy";
  static final String KNN_ACCURACY = "latent.knn_accuracy";

  /** Begin the names of draws' metrics. */
  static final String PRIOR = "prior";

  static final String POSTERIOR_MIXTURE = "posterior_mixture";

  /** Of a split. */
  static final String ACTIVE_UNITS = "active_units";

  static final String ACCURACY_OF_RECONSTRUCTIONS = "classifier_accuracy";
  static final String FRECHET_DISTANCE = "frechet_distance";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private EvaluationFile() {}

  /** The names of an evaluation with so many draws for the importance-weighted bound. */
  static Set<String> names(int draws) {
    return names(draws, true);
  }

  /** Those that a run with such images has. */
  static Set<String> names(int draws, RunImages images) {
    return names(draws, images.areEnough());
  }

  private static Set<String> names(int draws, boolean enoughImages) {
    Set<String> names = new LinkedHashSet<>();
    names.add(BETA);
    if (enoughImages) {
      names.addAll(List.of(CLASSIFIER_ACCURACY, FLOOR, LINEAR_PROBE_ACCURACY, KNN_ACCURACY));
    }
    for (Split split : Split.values()) {
      ReconstructionMetrics.NAMES.forEach(name -> names.add(of(split, name)));
      names.add(of(split, bound(draws)));
      names.add(of(split, ACTIVE_UNITS));
      if (enoughImages) {
        names.add(of(split, ACCURACY_OF_RECONSTRUCTIONS));
        names.add(of(split, FRECHET_DISTANCE));
      }
    }
    if (enoughImages) {
      names.addAll(namesOfDraws());
    }
    return names;
  }

  /** Those of splits. */
  static List<String> ofSplits(Collection<String> names) {
    return Arrays.stream(Split.values())
        .flatMap(split -> names.stream().map(name -> of(split, name)))
        .toList();
  }

  /** Those for which the classifier is asked. */
  static Set<String> namesOfRecognition() {
    Set<String> names = new LinkedHashSet<>(List.of(CLASSIFIER_ACCURACY, FLOOR));
    names.addAll(ofSplits(List.of(ACCURACY_OF_RECONSTRUCTIONS, FRECHET_DISTANCE)));
    names.addAll(namesOfDraws());
    return names;
  }

  private static List<String> namesOfDraws() {
    return Stream.of(PRIOR, POSTERIOR_MIXTURE)
        .flatMap(
            source -> GenerativeMetrics.NAMES_OF_DRAWS.stream().map(name -> source + "." + name))
        .toList();
  }

  static String of(Split split, String name) {
    return split + "." + name;
  }

  static String bound(int draws) {
    return "iwae_%d_nats_per_image".formatted(draws);
  }

  /**
   * What has been measured.
   *
   * @throws InputDataException if the file is not what this program writes
   */
  static Map<String, Double> read(Run run) {
    try {
      Map<String, Double> metrics =
          JSON.readValue(
              run.directory().readText(Run.EVALUATION),
              new TypeReference<LinkedHashMap<String, Double>>() {});
      if (metrics == null) {
        throw damaged(run, "no object", null);
      }
      metrics.values().removeIf(value -> value == null || !Double.isFinite(value));
      return metrics;
    } catch (JsonProcessingException e) {
      throw damaged(run, e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
  }

  private static InputDataException damaged(Run run, String how, Throwable cause) {
    return new InputDataException(
        "%s is damaged (%s); make it anew with: evaluate --run-id %s"
            .formatted(run.directory().path(Run.EVALUATION), how, run.id()),
        cause);
  }

  /**
   * What has been measured and need not be again.
   *
   * @param reasons hears why something has to be
   */
  static Map<String, Double> readUsable(Run run, Consumer<String> reasons) {
    if (!run.directory().has(Run.EVALUATION)) {
      return new LinkedHashMap<>();
    }
    EvaluationProvenance now = EvaluationProvenance.of(run, "");
    if (!EvaluationProvenance.read(run).map(now::isLike).orElse(false)) {
      reasons.accept(
          "%s is of another model, or of an earlier version of this program, and is made again"
              .formatted(run.directory().path(Run.EVALUATION)));
      return new LinkedHashMap<>();
    }
    try {
      return read(run);
    } catch (InputDataException damaged) {
      reasons.accept(run.directory().path(Run.EVALUATION) + " is damaged and is made again");
      return new LinkedHashMap<>();
    }
  }

  /**
   * Writes what has been measured.
   *
   * @param first the names that stand first, in their order; bounds of other evaluations follow
   */
  static void write(Run run, Set<String> first, Map<String, Double> metrics) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    first.forEach(name -> ordered.put(name, metrics.get(name)));
    metrics.forEach(ordered::putIfAbsent);
    ordered.forEach(
        (name, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalStateException("%s is %s".formatted(name, value));
          }
        });
    try {
      run.directory()
          .writeText(
              Run.EVALUATION,
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(ordered) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
