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
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.ClassifierInference;
import org.sparkvae.evaluation.ClassifierTrainer;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.evaluation.GenerativeMetrics;
import org.sparkvae.exception.TransientException;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.mnist.Split;
import org.sparkvae.sampling.GeneratedImages;
import org.sparkvae.sampling.LatentDistribution;
import org.sparkvae.storage.Storage;

/** The metrics that need a digit classifier, for reconstructions and generated images. */
final class ClassifierMetrics {
  private final EvaluationContext context;

  ClassifierMetrics(EvaluationContext context) {
    this.context = context;
  }

  /** Computes missing metrics and returns the checksum of the classifier's weights. */
  String compute(LatentDistributions distributions) {
    if (context.hasMetrics(EvaluationFile.classifierMetrics())) {
      return EvaluationProvenance.read(context.run())
          .map(EvaluationProvenance::classifierChecksum)
          .orElse("");
    }
    TrainedClassifier trained = classifier();
    Broadcast<byte[]> classifier =
        JavaSparkContext.fromSparkContext(context.spark().sparkContext())
            .broadcast(trained.archive());
    // The mixture is fitted first, because its progress is displayed separately.
    LatentDistribution mixture = distributions.posteriorMixture();
    int trainCount = context.firstImageCount(Split.TRAIN);
    int testCount = context.firstImageCount(Split.TEST);
    try {
      classifyImages(classifier, distributions.prior(), mixture, 2L * trainCount + 6L * testCount);
    } finally {
      classifier.destroy();
    }
    put(EvaluationFile.CLASSIFIER_ACCURACY, trained.testAccuracy());
    return trained.weightsChecksum();
  }

  private void classifyImages(
      Broadcast<byte[]> classifier,
      LatentDistribution prior,
      LatentDistribution mixture,
      long images) {
    context.runWithProgress(
        "classifying reconstructions and generated images",
        images,
        () -> {
          GenerativeMetrics metrics =
              new GenerativeMetrics(
                  ClassifierInference.predictOriginals(
                      context.firstImages(Split.TEST), classifier));
          List<Prediction> trainImages =
              ClassifierInference.predictOriginals(context.firstImages(Split.TRAIN), classifier);
          put(EvaluationFile.FLOOR_FRECHET_DISTANCE, metrics.frechetDistance(trainImages));
          for (Split split : Split.values()) {
            addReconstructionMetrics(split, metrics, classifier);
          }
          addGenerativeMetrics(EvaluationFile.PRIOR, prior, metrics, classifier);
          addGenerativeMetrics(EvaluationFile.POSTERIOR_MIXTURE, mixture, metrics, classifier);
        });
  }

  private void addReconstructionMetrics(
      Split split, GenerativeMetrics metrics, Broadcast<byte[]> classifier) {
    Dataset<Row> images = context.firstReconstructions(split);
    List<Prediction> predictions = ClassifierInference.predictReconstructions(images, classifier);
    int[] labels =
        images.select("image_id", "label").orderBy("image_id").collectAsList().stream()
            .mapToInt(row -> row.getInt(1))
            .toArray();
    put(
        EvaluationFile.splitMetric(split, EvaluationFile.RECONSTRUCTION_ACCURACY),
        GenerativeMetrics.accuracy(predictions, labels));
    put(
        EvaluationFile.splitMetric(split, EvaluationFile.FRECHET_DISTANCE),
        metrics.frechetDistance(predictions));
  }

  /** Computes the metrics of generated images, with as many images as test images are compared. */
  private void addGenerativeMetrics(
      String prefix,
      LatentDistribution distribution,
      GenerativeMetrics metrics,
      Broadcast<byte[]> classifier) {
    // Spark evaluates the DataFrame twice, because repartitioning by range samples it first.
    Dataset<Row> generated =
        GeneratedImages.generate(
                context.spark(),
                distribution,
                context.firstImageCount(Split.TEST),
                context.model(),
                context.run().modelConfig())
            .persist();
    try {
      metrics
          .measure(ClassifierInference.predictReconstructions(generated, classifier))
          .forEach((name, value) -> put(prefix + "." + name, value));
    } finally {
      generated.unpersist();
    }
  }

  private void put(String name, double value) {
    context.metrics().put(name, value);
  }

  private TrainedClassifier classifier() {
    RunImages.FullSet set = context.images().fullSet();
    // The cache is on the local disk, even if Hadoop's default file system is another one.
    String directory = new Path(CacheDirectory.ofUser().resolve("classifiers").toUri()).toString();
    Reporter reporter = context.run().reporter();
    ClassifierCache cache =
        new ClassifierCache(Storage.at(directory, new Configuration()), reporter::warn);
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
          "The classifier could not be cached and is trained again in the next run. "
              + e.getMessage());
    }
    return trained;
  }
}
