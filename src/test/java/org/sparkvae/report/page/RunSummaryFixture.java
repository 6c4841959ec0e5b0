package org.sparkvae.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.sparkvae.config.Settings;
import org.sparkvae.config.SettingsReader;
import org.sparkvae.model.LayerSummary;
import org.sparkvae.report.EpochPoint;

/** Run summaries with made-up values. */
public final class RunSummaryFixture {
  private RunSummaryFixture() {}

  /** Returns a complete run with the settings of the reference report's Model 1. */
  public static RunSummary model1(String id) {
    return of(id, Settings.DEFAULTS, metrics(0.109375, 0.16));
  }

  /** Returns a shorter run of the reference report's Model 2 on fewer images. */
  public static RunSummary model2(String id) {
    Settings settings =
        settings(
            Map.of(
                "latent-channels",
                16,
                "dropout",
                0,
                "epochs",
                13,
                "trainer",
                "local",
                "workers",
                1,
                "limit",
                2000,
                "seed",
                43));
    return of(id, settings, metrics(1.75, 0.26));
  }

  /** Returns the defaults with some values replaced. */
  static Settings settings(Map<String, Object> values) {
    return new SettingsReader().options(values).settings();
  }

  static RunSummary of(String id, Settings settings, Map<String, Double> metrics) {
    return new RunSummary(
        id,
        settings,
        epochs(settings.epochs()),
        metrics,
        layers(settings.latentChannels()),
        images(100, 0.9f),
        images(100, 0.5f),
        scored(0.05),
        scored(0.45),
        IntStream.range(0, 10)
            .mapToObj(
                digit -> new DigitScores(digit, 980 + digit, 0.14 + digit * 0.01, 104.25, 0.16))
            .toList(),
        List.of(
            EmbeddedImage.of("Images generated from the prior", RunPage.grid(images(100, 0.3f)))),
        "local[*], Linux amd64, 2 processors",
        provenance(id));
  }

  static Map<String, String> provenance(String id) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("run id", id);
    provenance.put("command line", "sparkvae run --run-id " + id);
    provenance.put("versions git commit", "b2ffb37b0819d46e76f7d62bb4e40acf0c772d3a");
    provenance.put(
        "data checksum", "c65580678af93f1ea48c2c0d01d543ec89307c6b8a0eb7ca542d7c18c5f4c681");
    return provenance;
  }

  private static Map<String, Double> metrics(double beta, double loss) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("beta", beta);
    for (String split : List.of("train.", "test.")) {
      metrics.put(split + "loss", loss);
      metrics.put(split + "reg_term", 0.02);
      metrics.put(split + "bce_nats_per_pixel", loss - 0.02);
      metrics.put(split + "entropy_floor_nats_per_pixel", 0.0581);
      metrics.put(split + "elbo_nats_per_image", -loss * 784);
      metrics.put(split + "iwae_5_nats_per_image", -loss * 780);
      metrics.put(split + "psnr_db", 1 / loss);
      metrics.put(split + "ssim", 1 - loss);
      metrics.put(split + "active_units", 2114.0);
    }
    metrics.put("classifier.test_accuracy", 0.9912);
    metrics.put("floor.frechet_distance", 0.5);
    for (String source : List.of("prior.", "posterior_mixture.")) {
      metrics.put(source + "frechet_distance", 100 * loss);
      metrics.put(source + "classifier_confidence", 1 - loss);
    }
    return metrics;
  }

  private static List<EpochSummary> epochs(int count) {
    List<EpochSummary> epochs = new ArrayList<>();
    for (int epoch = 1; epoch <= count; epoch++) {
      epochs.add(
          new EpochSummary(
              new EpochPoint(epoch, 0.16 + 0.11 / epoch, 0.16 + 0.26 / epoch, 0.17 + 0.1 / epoch),
              new EpochPoint(
                  epoch, 0.021 - 0.007 / epoch, 0.02 - 0.008 / epoch, 0.021 - 0.006 / epoch),
              60_000,
              130 + epoch % 3,
              "Epoch:%d/%d, Train_Loss:%s, Train_Reg_Term:%s"
                  .formatted(epoch, count, 0.16 + 0.11 / epoch, 0.021 - 0.007 / epoch)));
    }
    return epochs;
  }

  private static List<LayerSummary> layers(int latentChannels) {
    return List.of(
        new LayerSummary("Encoder", "a1 = LSTM(image, 28 → 32)", "28 × 32"),
        new LayerSummary(
            "Encoder",
            "a2 = FullyConnected(a1, 32 → %d), for the mean and for the log-variance"
                .formatted(latentChannels),
            "28 × " + latentChannels),
        new LayerSummary(
            "Decoder, layer 1",
            "a3 = TransposedConv(a2, %d → 128, kernel 5×5, stride 3×1)".formatted(latentChannels),
            "128 × 86 × 5"));
  }

  private static List<ScoredImage> scored(double bce) {
    return IntStream.range(0, 10)
        .mapToObj(i -> new ScoredImage(9000 + i, i, bce + i * 1e-3, images(2, 0.7f)))
        .toList();
  }

  /** Returns images of rings of ink, which resemble digits. */
  private static List<float[]> images(int count, float ink) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              float[] image = new float[784];
              for (int pixel = 0; pixel < 784; pixel++) {
                int row = pixel / 28;
                double radius = Math.hypot(row - 13.5, pixel % 28 - 13.5);
                image[pixel] = Math.abs(radius - 5 - i % 5) < 1.5 ? ink : 0;
              }
              return image;
            })
        .toList();
  }
}
