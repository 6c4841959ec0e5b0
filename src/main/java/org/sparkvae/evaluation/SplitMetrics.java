package org.sparkvae.evaluation;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.sparkvae.evaluation.metric.PixelMetrics;
import org.sparkvae.model.Architecture;

/** The means over a split's images, by the names that {@code evaluation.json} gives them. */
final class SplitMetrics {
  static final List<String> NAMES =
      List.of(
          "loss",
          "reg_term",
          "bce_nats_per_pixel",
          "entropy_floor_nats_per_pixel",
          "recon_nats_per_image",
          "kl_nats_per_image",
          "elbo_nats_per_image",
          "mse",
          "psnr_db",
          "ssim");

  private SplitMetrics() {}

  /**
   * Averages in the order of the images, so that rounding does not depend on where they were.
   *
   * <ul>
   *   <li>{@code loss}: the report's, {@code bce_nats_per_pixel} + {@code reg_term}
   *   <li>{@code reg_term}: the report's regularisation term; nats per latent element for λ = 0.5
   *   <li>{@code bce_nats_per_pixel}: binary cross-entropy
   *   <li>{@code entropy_floor_nats_per_pixel}: the least that the former can be
   *   <li>{@code recon_nats_per_image}: −E log p(x|z) with one draw of z for each image, the
   *       cross-entropy's sum over its 784 pixels
   *   <li>{@code kl_nats_per_image}: KL(q(z|x) ‖ N(0, I))
   *   <li>{@code elbo_nats_per_image}: the evidence lower bound at β = 1, −(recon + KL); below 0
   *   <li>{@code mse}, {@code psnr_db}, {@code ssim}: means over images
   * </ul>
   */
  static Map<String, Double> of(List<ImageScores> scores, Architecture architecture) {
    List<ImageScores> inOrder =
        scores.stream().sorted(Comparator.comparingInt(ImageScores::imageId)).toList();
    double bce = mean(inOrder, ImageScores::bce);
    double kl = mean(inOrder, ImageScores::kl);
    double regTerm = architecture.regularisationTerm(kl);
    double reconstruction = bce * Architecture.PIXELS;

    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", bce + regTerm);
    metrics.put("reg_term", regTerm);
    metrics.put("bce_nats_per_pixel", bce);
    metrics.put("entropy_floor_nats_per_pixel", mean(inOrder, ImageScores::entropyFloor));
    metrics.put("recon_nats_per_image", reconstruction);
    metrics.put("kl_nats_per_image", kl);
    metrics.put("elbo_nats_per_image", -(reconstruction + kl));
    metrics.put("mse", mean(inOrder, ImageScores::mse));
    metrics.put("psnr_db", mean(inOrder, each -> PixelMetrics.peakSignalToNoise(each.mse())));
    metrics.put("ssim", mean(inOrder, ImageScores::ssim));
    return metrics;
  }

  private static double mean(List<ImageScores> scores, ToDoubleFunction<ImageScores> score) {
    double sum = 0;
    for (ImageScores each : scores) {
      sum += score.applyAsDouble(each);
    }
    return sum / scores.size();
  }
}
