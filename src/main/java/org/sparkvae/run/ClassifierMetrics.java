package org.sparkvae.run;

import java.util.List;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.evaluation.ClassifierCache;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.ClassifierInference;
import org.sparkvae.evaluation.ClassifierTrainer;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.evaluation.GenerativeMetrics;
import org.sparkvae.evaluation.Metric;
import org.sparkvae.evaluation.MetricSource;
import org.sparkvae.evaluation.MnistClassifier;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.Split;
import org.sparkvae.sampling.GeneratedImages;
import org.sparkvae.sampling.LatentDistribution;
import org.sparkvae.spark.SparkSessions;
import org.sparkvae.storage.Storage;

/** The metrics that need a digit classifier, for reconstructions and generated images. */
record ClassifierMetrics(EvaluationContext context) {
  /** Computes missing metrics and returns the checksum of the classifier's weights. */
  String compute(LatentDistributions distributions) {
    if (context.hasMetrics(metric -> metric.source().usesClassifier())) {
      return EvaluationProvenance.read(context.run())
          .map(EvaluationProvenance::classifierChecksum)
          .orElse("");
    }
    TrainedClassifier trained = classifier();
    Broadcast<byte[]> classifier = SparkSessions.broadcast(context.spark(), trained.archive());
    // The mixture is fitted first, because its progress is displayed separately.
    LatentDistribution mixture = distributions.posteriorMixture();
    int trainCount = context.evaluatedImageCount(Split.TRAIN);
    int testCount = context.evaluatedImageCount(Split.TEST);
    // Each split's originals and reconstructions are classified. Each of the two distributions
    // generates testCount images, which are then classified.
    long progressTotal = 2L * (trainCount + testCount) + 4L * testCount;
    try {
      classifyImages(classifier, distributions.prior(), mixture, progressTotal);
    } finally {
      classifier.destroy();
    }
    context.put(Metric.CLASSIFIER_TEST_ACCURACY, trained.testAccuracy());
    return trained.weightsChecksum();
  }

  private void classifyImages(
      Broadcast<byte[]> classifier,
      LatentDistribution prior,
      LatentDistribution mixture,
      long progressTotal) {
    context.runWithProgress(
        "classifying images",
        progressTotal,
        () -> {
          GenerativeMetrics metrics =
              new GenerativeMetrics(
                  ClassifierInference.predictOriginals(
                      context.evaluatedImages(Split.TEST), classifier));
          List<Prediction> trainPredictions =
              ClassifierInference.predictOriginals(
                  context.evaluatedImages(Split.TRAIN), classifier);
          context.put(Metric.FRECHET_DISTANCE_FLOOR, metrics.frechetDistance(trainPredictions));
          for (Split split : Split.values()) {
            addReconstructionMetrics(split, metrics, classifier);
          }
          addGenerativeMetrics(MetricSource.PRIOR, prior, metrics, classifier);
          addGenerativeMetrics(MetricSource.POSTERIOR_MIXTURE, mixture, metrics, classifier);
        });
  }

  private void addReconstructionMetrics(
      Split split, GenerativeMetrics metrics, Broadcast<byte[]> classifier) {
    Dataset<Row> images = context.evaluatedReconstructions(split);
    List<Prediction> predictions = ClassifierInference.predictReconstructions(images, classifier);
    int[] labels =
        images.select("image_id", "label").orderBy("image_id").collectAsList().stream()
            .mapToInt(row -> row.getInt(1))
            .toArray();
    context.put(
        Metric.CLASSIFIER_ACCURACY,
        split.toString(),
        GenerativeMetrics.accuracy(predictions, labels));
    context.put(
        Metric.RECONSTRUCTION_FRECHET_DISTANCE,
        split.toString(),
        metrics.frechetDistance(predictions));
  }

  /** Generates as many images as there are compared test images, and computes their metrics. */
  private void addGenerativeMetrics(
      String prefix,
      LatentDistribution distribution,
      GenerativeMetrics metrics,
      Broadcast<byte[]> classifier) {
    Dataset<Row> generated =
        GeneratedImages.generate(
            context.spark(),
            distribution,
            context.evaluatedImageCount(Split.TEST),
            context.modelArchive(),
            context.run().modelConfig());
    metrics
        .measure(ClassifierInference.predictReconstructions(generated, classifier))
        .forEach((metric, value) -> context.put(metric, prefix, value));
  }

  private TrainedClassifier classifier() {
    RunImages.FullSet set = context.images().fullSet();
    return MnistClassifier.forDataSet(set.checksum()).orElseGet(() -> cachedClassifier(set));
  }

  /** Returns the classifier of a data set other than MNIST, trained if the cache has none. */
  private TrainedClassifier cachedClassifier(RunImages.FullSet set) {
    // The cache is on the local disk, even if Hadoop's default file system is another one.
    String directory = new Path(CacheDirectory.ofUser().resolve("classifiers").toUri()).toString();
    Reporter reporter = context.run().reporter();
    ClassifierCache cache = new ClassifierCache(Storage.at(directory), reporter::warn);
    Optional<TrainedClassifier> cached = cache.find(set.checksum());
    if (cached.isPresent()) {
      return cached.get();
    }
    reporter.progressStarted(
        "training a classifier (once per data set)",
        ClassifierTrainer.progressTotal(set.trainCount()));
    TrainedClassifier trained;
    try {
      trained = ClassifierTrainer.train(set.train(), set.test(), reporter::progressAdvanced);
    } finally {
      reporter.progressFinished();
    }
    try {
      cache.put(set.checksum(), trained);
    } catch (TransientException e) {
      reporter.warn(
          "Classifier cache %s: cannot be written (%s). The next evaluation trains it again."
              .formatted(directory, ErrorText.firstLine(ExceptionUtils.getRootCauseMessage(e))));
    }
    return trained;
  }
}
