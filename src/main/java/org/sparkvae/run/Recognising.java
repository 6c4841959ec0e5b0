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
import org.sparkvae.evaluation.ClassifierTraining;
import org.sparkvae.evaluation.DigitClassifier.Judgement;
import org.sparkvae.evaluation.Judging;
import org.sparkvae.evaluation.Recognition;
import org.sparkvae.failure.OutsideFailure;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.Split;
import org.sparkvae.sampling.Draws;
import org.sparkvae.sampling.LatentSource;
import org.sparkvae.storage.Storage;

/** What a classifier makes of a run's reconstructions and draws. */
final class Recognising {
  private final Measuring under;

  Recognising(Measuring under) {
    this.under = under;
  }

  /** Measures unless that was done, and returns the checksum of the classifier's weights. */
  String measure(LatentSources sources) {
    if (under.has(EvaluationFile.namesOfRecognition())) {
      return EvaluationOrigin.read(under.run()).map(EvaluationOrigin::classifier).orElse("");
    }
    Trained trained = classifier();
    Broadcast<byte[]> classifier =
        JavaSparkContext.fromSparkContext(under.spark().sparkContext())
            .broadcast(trained.archive());
    // Before the bar that covers all that follows.
    LatentSource mixture = sources.posteriorMixture();
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
      Broadcast<byte[]> classifier, LatentSource prior, LatentSource mixture, long images) {
    under.show(
        "judging reconstructions and draws",
        images,
        () -> {
          Recognition recognition =
              new Recognition(Judging.originals(under.firstImages(Split.TEST), classifier));
          List<Judgement> trainImages =
              Judging.originals(under.firstImages(Split.TRAIN), classifier);
          put(EvaluationFile.FLOOR, recognition.frechetDistance(trainImages));
          for (Split split : Split.values()) {
            reconstructions(split, recognition, classifier);
          }
          draws(EvaluationFile.PRIOR, prior, recognition, classifier);
          draws(EvaluationFile.POSTERIOR_MIXTURE, mixture, recognition, classifier);
        });
  }

  private void reconstructions(Split split, Recognition recognition, Broadcast<byte[]> classifier) {
    Dataset<Row> images = under.firstReconstructions(split);
    List<Judgement> judged = Judging.reconstructions(images, classifier);
    int[] labels =
        images.select("image_id", "label").orderBy("image_id").collectAsList().stream()
            .mapToInt(row -> row.getInt(1))
            .toArray();
    put(
        EvaluationFile.of(split, EvaluationFile.ACCURACY_OF_RECONSTRUCTIONS),
        Recognition.accuracy(judged, labels));
    put(
        EvaluationFile.of(split, EvaluationFile.FRECHET_DISTANCE),
        recognition.frechetDistance(judged));
  }

  /** As many as there are test images to hold them against. */
  private void draws(
      String name, LatentSource source, Recognition recognition, Broadcast<byte[]> classifier) {
    // Spark looks at them twice, the first time to see how to share them out.
    Dataset<Row> draws =
        Draws.of(
                under.spark(),
                source,
                under.firstImagesCount(Split.TEST),
                under.model(),
                under.run().architecture())
            .persist();
    try {
      recognition
          .ofDraws(Judging.reconstructions(draws, classifier))
          .forEach((metric, value) -> put(name + "." + metric, value));
    } finally {
      draws.unpersist();
    }
  }

  private void put(String name, double value) {
    under.metrics().put(name, value);
  }

  private Trained classifier() {
    Images.WholeSet set = under.images().whole();
    // Of this machine, whatever file system Hadoop takes for the default.
    String directory = new Path(CacheDirectory.ofUser().resolve("classifiers").toUri()).toString();
    Reporter reporter = under.run().reporter();
    ClassifierCache cache =
        new ClassifierCache(Storage.at(directory, new Configuration()), reporter::warn);
    Optional<Trained> kept = cache.find(set.checksum());
    if (kept.isPresent()) {
      return kept.get();
    }
    reporter.started("training a classifier, once", ClassifierTraining.steps(set.trainCount()));
    Trained trained;
    try {
      trained = ClassifierTraining.train(set.train(), set.test(), reporter::advanced);
    } finally {
      reporter.finished();
    }
    try {
      cache.keep(set.checksum(), trained);
    } catch (OutsideFailure e) {
      reporter.warn("the classifier cannot be kept for the next run: " + e.getMessage());
    }
    return trained;
  }
}
