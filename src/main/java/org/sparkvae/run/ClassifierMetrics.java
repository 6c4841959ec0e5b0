package org.sparkvae.run;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.ClassifierCache;
import org.sparkvae.evaluation.ClassifierCache.Trained;
import org.sparkvae.evaluation.ClassifierInference;
import org.sparkvae.evaluation.ClassifierTrainer;
import org.sparkvae.evaluation.DigitClassifier.Judgement;
import org.sparkvae.evaluation.GenerativeMetrics;
import org.sparkvae.exception.TransientException;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.Split;
import org.sparkvae.sampling.GeneratedImages;
import org.sparkvae.sampling.LatentDistribution;
import org.sparkvae.storage.Storage;

/** What a classifier makes of a run's reconstructions and draws. */
final class ClassifierMetrics {
  private final EvaluationContext under;

  ClassifierMetrics(EvaluationContext under) {
    this.under = under;
  }

  /** Measures unless that was done, and returns the checksum of the classifier's weights. */
  String measure(LatentDistributions sources) {
    if (under.has(EvaluationFile.namesOfRecognition())) {
      return EvaluationProvenance.read(under.run())
          .map(EvaluationProvenance::classifier)
          .orElse("");
    }
    Trained trained = classifier();
    Broadcast<byte[]> classifier =
        JavaSparkContext.fromSparkContext(under.spark().sparkContext())
            .broadcast(trained.archive());
    // Before the bar that covers all that follows.
    LatentDistribution mixture = sources.posteriorMixture();
    int train = under.firstImagesCount(Split.TRAIN);
    int test = under.firstImagesCount(Split.TEST);
    try {
      judge(classifier, sources.prior(), mixture, 2L * train + 6L * test);
    } finally {
      classifier.destroy();
    }
    put(EvaluationFile.CLASSIFIER_ACCURACY, trained.testAccuracy());
    return trained.weightsChecksum();
  }

  private void judge(
      Broadcast<byte[]> classifier,
      LatentDistribution prior,
      LatentDistribution mixture,
      long images) {
    under.show(
        "judging reconstructions and draws",
        images,
        () -> {
          GenerativeMetrics recognition =
              new GenerativeMetrics(
                  ClassifierInference.originals(under.firstImages(Split.TEST), classifier));
          List<Judgement> trainImages =
              ClassifierInference.originals(under.firstImages(Split.TRAIN), classifier);
          put(EvaluationFile.FLOOR, recognition.frechetDistance(trainImages));
          for (Split split : Split.values()) {
            reconstructions(split, recognition, classifier);
          }
          draws(EvaluationFile.PRIOR, prior, recognition, classifier);
          draws(EvaluationFile.POSTERIOR_MIXTURE, mixture, recognition, classifier);
        });
  }

  private void reconstructions(
      Split split, GenerativeMetrics recognition, Broadcast<byte[]> classifier) {
    Dataset<Row> images = under.firstReconstructions(split);
    List<Judgement> judged = ClassifierInference.reconstructions(images, classifier);
    int[] labels =
        images.select("image_id", "label").orderBy("image_id").collectAsList().stream()
            .mapToInt(row -> row.getInt(1))
            .toArray();
    put(
        EvaluationFile.of(split, EvaluationFile.ACCURACY_OF_RECONSTRUCTIONS),
        GenerativeMetrics.accuracy(judged, labels));
    put(
        EvaluationFile.of(split, EvaluationFile.FRECHET_DISTANCE),
        recognition.frechetDistance(judged));
  }

  /** As many as there are test images to hold them against. */
  private void draws(
      String name,
      LatentDistribution source,
      GenerativeMetrics recognition,
      Broadcast<byte[]> classifier) {
    // Spark looks at them twice, the first time to see how to share them out.
    Dataset<Row> draws =
        GeneratedImages.of(
                under.spark(),
                source,
                under.firstImagesCount(Split.TEST),
                under.model(),
                under.run().architecture())
            .persist();
    try {
      recognition
          .ofDraws(ClassifierInference.reconstructions(draws, classifier))
          .forEach((metric, value) -> put(name + "." + metric, value));
    } finally {
      draws.unpersist();
    }
  }

  private void put(String name, double value) {
    under.metrics().put(name, value);
  }

  private Trained classifier() {
    RunImages.WholeSet set = under.images().whole();
    // Of this machine, whatever file system Hadoop takes for the default.
    String directory = new Path(CacheDirectory.ofUser().resolve("classifiers").toUri()).toString();
    Reporter reporter = under.run().reporter();
    ClassifierCache cache =
        new ClassifierCache(Storage.at(directory, new Configuration()), reporter::warn);
    Optional<Trained> kept = cache.find(set.checksum());
    if (kept.isPresent()) {
      return kept.get();
    }
    reporter.started("training a classifier, once", ClassifierTrainer.steps(set.trainCount()));
    Trained trained;
    try {
      trained = ClassifierTrainer.train(set.train(), set.test(), reporter::advanced);
    } finally {
      reporter.finished();
    }
    try {
      cache.keep(set.checksum(), trained);
    } catch (TransientException e) {
      reporter.warn("the classifier cannot be kept for the next run: " + e.getMessage());
    }
    return trained;
  }
}
