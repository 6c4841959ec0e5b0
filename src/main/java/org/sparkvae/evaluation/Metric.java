package org.sparkvae.evaluation;

import static org.sparkvae.evaluation.Metric.Better.HIGHER;
import static org.sparkvae.evaluation.Metric.Better.LOWER;
import static org.sparkvae.evaluation.Metric.Better.NEITHER;
import static org.sparkvae.evaluation.Metric.Unit.DECIBELS;
import static org.sparkvae.evaluation.Metric.Unit.FRACTION;
import static org.sparkvae.evaluation.Metric.Unit.IMAGES;
import static org.sparkvae.evaluation.Metric.Unit.INDEX;
import static org.sparkvae.evaluation.Metric.Unit.LATENT_ELEMENTS;
import static org.sparkvae.evaluation.Metric.Unit.NATS;
import static org.sparkvae.evaluation.Metric.Unit.NATS_PER_ELEMENT;
import static org.sparkvae.evaluation.Metric.Unit.NATS_PER_IMAGE;
import static org.sparkvae.evaluation.Metric.Unit.NATS_PER_PIXEL;
import static org.sparkvae.evaluation.Metric.Unit.NONE;
import static org.sparkvae.evaluation.Metric.Unit.PROBABILITY;
import static org.sparkvae.evaluation.Metric.Unit.SQUARED_DISTANCE;
import static org.sparkvae.evaluation.MetricSource.CLASSIFIED_ORIGINALS;
import static org.sparkvae.evaluation.MetricSource.CLASSIFIED_RECONSTRUCTIONS;
import static org.sparkvae.evaluation.MetricSource.ENCODED_IMAGES;
import static org.sparkvae.evaluation.MetricSource.GENERATED_IMAGES;
import static org.sparkvae.evaluation.MetricSource.LATENT_PROBES;
import static org.sparkvae.evaluation.MetricSource.RECONSTRUCTIONS;
import static org.sparkvae.evaluation.MetricSource.SETTINGS;
import static org.sparkvae.evaluation.metric.PixelMetrics.entropyFloor;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.sparkvae.evaluation.DigitClassifier.Prediction;
import org.sparkvae.evaluation.metric.ClassProbabilities;
import org.sparkvae.evaluation.metric.PixelMetrics;
import org.sparkvae.evaluation.metric.StructuralSimilarity;
import org.sparkvae.image.ImageShape;

/**
 * The metrics in {@code evaluation.json}. The file, the console table, the report, the comparison
 * of runs and the reference page list them in this order.
 *
 * <p>A metric with a function needs no other code: a function of a reconstructed image is averaged
 * over the images of each split, and a function of generated images is computed for both
 * distributions of z. All other metrics are computed by stages of the evaluation.
 */
public enum Metric {
  BETA(
      new Definition("beta", SETTINGS, NEITHER, NONE),
      "Weight of the KL divergence in the loss, with both terms in nats per image. At β = 1 the loss is the negative ELBO."),
  IMAGES_PER_SPLIT(
      new Definition("images_per_split", SETTINGS, NEITHER, IMAGES),
      "Maximum number of evaluated images per split. Fréchet distances depend on it, so compare only runs with the same number."),
  CLASSIFIER_TEST_ACCURACY(
      new Definition("classifier.test_accuracy", CLASSIFIED_ORIGINALS, NEITHER, FRACTION),
      "Share of the first 10,000 test images that the classifier recognizes. It limits the reliability of all metrics that use the classifier. The classifier learns from originals, many of them smeared row by row."),
  FRECHET_DISTANCE_FLOOR(
      new Definition("floor.frechet_distance", CLASSIFIED_ORIGINALS, NEITHER, SQUARED_DISTANCE),
      "Fréchet distance between the evaluated training images, from which the classifier learned, and the evaluated test images. It is approximately the value of perfect generated images."),
  LINEAR_PROBE_ACCURACY(
      new Definition("latent.linear_probe_accuracy", LATENT_PROBES, HIGHER, FRACTION),
      "Share of test images whose digit a logistic regression predicts correctly from the posterior mean. Guessing gives 0.1."),
  KNN_ACCURACY(
      new Definition("latent.knn_accuracy", LATENT_PROBES, HIGHER, FRACTION),
      "Share of test images whose digit is that of most of the five training images with the nearest posterior means. Guessing gives 0.1."),

  LOSS(
      mean("loss", LOWER, NONE, ReconstructedImage::loss),
      "The reference report's loss: cross-entropy in nats per pixel plus the regularization term. Its lower bound is the entropy floor."),
  REG_TERM(
      mean("reg_term", NEITHER, NATS_PER_ELEMENT, ReconstructedImage::regularizationTerm),
      "Regularization term: for λ = 0.5, the KL divergence from N(0, I), averaged over all latent elements. At 0 the latent values carry no information about the image."),
  CROSS_ENTROPY(
      mean("bce_nats_per_pixel", LOWER, NATS_PER_PIXEL, ReconstructedImage::crossEntropy),
      "Binary cross-entropy of the reconstruction, with one sample of z per image. Its lower bound is the entropy floor."),
  ENTROPY_FLOOR(
      pixels("entropy_floor_nats_per_pixel", NEITHER, NATS_PER_PIXEL, (y, p) -> entropyFloor(y)),
      "Cross-entropy of a perfect reconstruction. It is the entropy of the gray images and does not depend on the model."),
  RECONSTRUCTION_TERM(
      mean("recon_nats_per_image", LOWER, NATS_PER_IMAGE, ReconstructedImage::reconstructionTerm),
      "Cross-entropy summed over the pixels: −E log p(x given z). Its lower bound is the entropy floor times the number of pixels."),
  KL_DIVERGENCE(
      mean("kl_nats_per_image", NEITHER, NATS_PER_IMAGE, ReconstructedImage::kl),
      "KL divergence of the posterior from N(0, I). It limits the information that z carries about an image."),
  ELBO(
      mean("elbo_nats_per_image", HIGHER, NATS_PER_IMAGE, ReconstructedImage::evidenceLowerBound),
      "Evidence lower bound (ELBO) at β = 1: −(summed cross-entropy + KL divergence). Its maximum is minus the entropy floor times the number of pixels."),
  MSE(
      pixels("mse", LOWER, NONE, PixelMetrics::meanSquaredError),
      "Mean squared error of pixels in [0, 1]. A perfect reconstruction has 0."),
  PSNR(
      pixels("psnr_db", HIGHER, DECIBELS, PixelMetrics::peakSignalToNoise),
      "Peak signal-to-noise ratio for a peak of 1, at most 100 dB per image. An increase of 10 dB means a tenth of the squared error."),
  SSIM(
      pixels("ssim", HIGHER, INDEX, new StructuralSimilarity(ImageShape.ROWS)::of),
      "Structural similarity with an 11×11 Gaussian window. Identical images have 1."),
  IMPORTANCE_WEIGHTED_BOUND(
      new Definition("iwae_K_nats_per_image", ENCODED_IMAGES, HIGHER, NATS_PER_IMAGE),
      "Importance-weighted bound with K samples of z per image, on at most half of images_per_split. It is tighter than the ELBO."),
  ACTIVE_UNITS(
      new Definition("active_units", ENCODED_IMAGES, NEITHER, LATENT_ELEMENTS),
      "Number of latent elements whose posterior mean varies between images (variance above 0.01), over the evaluated images. The other elements are inactive."),
  CLASSIFIER_ACCURACY(
      new Definition("classifier_accuracy", CLASSIFIED_RECONSTRUCTIONS, HIGHER, FRACTION),
      "Share of the evaluated images' reconstructions that the classifier assigns to the original's digit. Its accuracy on originals is classifier.test_accuracy; guessing gives 0.1."),
  RECONSTRUCTION_FRECHET_DISTANCE(
      new Definition("frechet_distance", CLASSIFIED_RECONSTRUCTIONS, LOWER, SQUARED_DISTANCE),
      "Fréchet distance between the evaluated images' reconstructions and the evaluated test images, in the classifier's feature space. On the test images, a perfect model has 0."),

  FRECHET_DISTANCE(
      generated("frechet_distance", LOWER, SQUARED_DISTANCE, GenerativeMetrics::frechetDistance),
      "Fréchet distance between generated and test images, in the classifier's feature space. The floor is the distance between two sets of real images."),
  INCEPTION_SCORE(
      generated("inception_score", HIGHER, NONE, classes(ClassProbabilities::inceptionScore)),
      "Between 1 and 10. It is 10 if the classifier is certain of every generated image and all ten digits are equally frequent."),
  PRECISION(
      generated("precision", NEITHER, FRACTION, GenerativeMetrics::precision),
      "Share of generated images inside the manifold of the test images. Images without a recognizable digit can score high, so compare it together with recall and the Fréchet distance."),
  RECALL(
      generated("recall", HIGHER, FRACTION, GenerativeMetrics::recall),
      "Share of test images inside the manifold of the generated images. It shows whether all kinds of digits are generated."),
  CLASSIFIER_CONFIDENCE(
      generated(
          "classifier_confidence", HIGHER, PROBABILITY, classes(ClassProbabilities::confidence)),
      "Mean probability of the digit that the classifier considers most likely. It is 0.1 if the classifier guesses and 1 if it is certain."),
  CLASS_ENTROPY(
      generated("class_entropy_nats", HIGHER, NATS, classes(ClassProbabilities::classEntropy)),
      "Entropy of the digits that the classifier recognizes in the generated images. It is ln 10 = 2.303 if all digits are equally frequent and 0 if it is always the same digit.");

  @SuppressWarnings("ImmutableEnumChecker") // The functions have no state.
  private final Definition definition;

  private final String meaning;

  Metric(Definition definition, String meaning) {
    this.definition = definition;
    this.meaning = meaning;
  }

  /** The direction in which a metric improves. */
  public enum Better {
    LOWER,
    HIGHER,
    /** Neither lower nor higher values are better in themselves. */
    NEITHER
  }

  /** The unit of a metric's values. */
  public enum Unit {
    NONE(""),
    NATS("nats"),
    NATS_PER_ELEMENT("nats per latent element"),
    NATS_PER_PIXEL("nats per pixel"),
    NATS_PER_IMAGE("nats per image"),
    LATENT_ELEMENTS("latent elements"),
    IMAGES("images"),
    SQUARED_DISTANCE("squared distance of features"),
    DECIBELS("dB"),
    FRACTION("fraction"),
    PROBABILITY("probability"),
    INDEX("index from −1 to 1");

    private final String text;

    Unit(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }

    /**
     * Returns whether a relative difference of two values is meaningful. Shares are already
     * relative, and decibels are logarithmic.
     */
    public boolean hasRatio() {
      return !Set.of(DECIBELS, FRACTION, PROBABILITY, INDEX).contains(this);
    }
  }

  /** The definition of a metric. Its functions are null if a stage computes the metric. */
  private record Definition(
      String id,
      MetricSource source,
      Better better,
      Unit unit,
      ToDoubleFunction<ReconstructedImage> ofImage,
      ToDoubleBiFunction<GenerativeMetrics, List<Prediction>> ofGenerated) {
    Definition(String id, MetricSource source, Better better, Unit unit) {
      this(id, source, better, unit, null, null);
    }
  }

  private static Definition mean(
      String id, Better better, Unit unit, ToDoubleFunction<ReconstructedImage> ofImage) {
    return new Definition(id, RECONSTRUCTIONS, better, unit, ofImage, null);
  }

  private static Definition pixels(
      String id, Better better, Unit unit, ToDoubleBiFunction<byte[], float[]> ofPixels) {
    return mean(
        id,
        better,
        unit,
        image -> ofPixels.applyAsDouble(image.original(), image.reconstruction()));
  }

  private static Definition generated(
      String id,
      Better better,
      Unit unit,
      ToDoubleBiFunction<GenerativeMetrics, List<Prediction>> ofGenerated) {
    return new Definition(id, GENERATED_IMAGES, better, unit, null, ofGenerated);
  }

  private static ToDoubleBiFunction<GenerativeMetrics, List<Prediction>> classes(
      ToDoubleFunction<List<float[]>> ofProbabilities) {
    return (real, images) ->
        ofProbabilities.applyAsDouble(images.stream().map(Prediction::probabilities).toList());
  }

  /**
   * Returns the metric with a name in {@code evaluation.json}, such as {@code test.loss}.
   *
   * @return empty if the name is unknown
   */
  public static Optional<Metric> of(String name) {
    String general = name.replaceFirst("\\.iwae_\\d+_", ".iwae_K_");
    return Arrays.stream(values())
        .filter(
            metric ->
                metric.source().prefixes().stream()
                    .anyMatch(prefix -> metric.name(prefix).equals(general)))
        .findFirst();
  }

  /**
   * Returns the names of metrics in {@code evaluation.json}, in the order of that file.
   *
   * @param importanceSamples K, the number of samples for the importance-weighted bound
   */
  public static Set<String> names(int importanceSamples, Predicate<Metric> filter) {
    return Arrays.stream(MetricSource.values())
        .flatMap(source -> source.prefixes().stream())
        .distinct()
        .flatMap(
            prefix ->
                Arrays.stream(values())
                    .filter(filter)
                    .filter(metric -> metric.source().prefixes().contains(prefix))
                    .map(metric -> metric.name(prefix, importanceSamples)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Returns the metrics from a source. */
  static List<Metric> from(MetricSource source) {
    return Arrays.stream(values()).filter(metric -> metric.source() == source).toList();
  }

  /** Returns the name in {@code evaluation.json} with one of the prefixes of its source. */
  public String name(String prefix) {
    return prefix.isEmpty() ? id() : prefix + "." + id();
  }

  /** Returns the name for a number of samples for the importance-weighted bound. */
  public String name(String prefix, int importanceSamples) {
    return name(prefix).replace("_K_", "_" + importanceSamples + "_");
  }

  /** Returns the name without a prefix. */
  public String id() {
    return definition.id();
  }

  /** Returns what the metric is computed from. */
  public MetricSource source() {
    return definition.source();
  }

  /** Returns the direction in which the metric improves. */
  public Better better() {
    return definition.better();
  }

  /** Returns the unit of the values. */
  public Unit unit() {
    return definition.unit();
  }

  /** Returns the definition in words, and values for comparison. */
  public String meaning() {
    return meaning;
  }

  /** Computes the value of one image, for a metric from {@link MetricSource#RECONSTRUCTIONS}. */
  double of(ReconstructedImage image) {
    return definition.ofImage().applyAsDouble(image);
  }

  /** Computes the value of a metric from {@link MetricSource#GENERATED_IMAGES}. */
  double of(GenerativeMetrics real, List<Prediction> generated) {
    return definition.ofGenerated().applyAsDouble(real, generated);
  }
}
