package org.sparkvae.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.spark.ExactMean;

/** Means over the images of a split, by their names in {@code evaluation.json}. */
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

  /** The scores of one image, in the units of the metrics averaged from them. */
  static final StructType SCORES =
      new StructType()
          .add("bce", DataTypes.DoubleType, false)
          .add("entropy_floor", DataTypes.DoubleType, false)
          .add("kl", DataTypes.DoubleType, false)
          .add("mse", DataTypes.DoubleType, false)
          .add("psnr", DataTypes.DoubleType, false)
          .add("ssim", DataTypes.DoubleType, false);

  private SplitMetrics() {}

  /**
   * Averages the scores over all images. The result does not depend on their order.
   *
   * <ul>
   *   <li>{@code loss}: the loss of the reference, {@code bce_nats_per_pixel} + {@code reg_term}
   *   <li>{@code reg_term}: the regularization term of the reference; for λ = 0.5, in nats per
   *       latent element
   *   <li>{@code bce_nats_per_pixel}: the binary cross-entropy
   *   <li>{@code entropy_floor_nats_per_pixel}: the lowest possible binary cross-entropy
   *   <li>{@code recon_nats_per_image}: −E log p(x|z) with one sample of z for each image, the
   *       cross-entropy summed over 784 pixels
   *   <li>{@code kl_nats_per_image}: the KL divergence KL(q(z|x) ‖ N(0, I))
   *   <li>{@code elbo_nats_per_image}: the evidence lower bound at β = 1, −(recon + KL), a negative
   *       number
   *   <li>{@code mse}, {@code psnr_db}, {@code ssim}: means over images
   * </ul>
   *
   * @param scores one row for each image, with {@link #SCORES}
   */
  static Map<String, Double> of(Dataset<Row> scores, ModelConfig config) {
    Row means =
        scores
            .agg(
                ExactMean.of("bce"),
                ExactMean.of("entropy_floor"),
                ExactMean.of("kl"),
                ExactMean.of("mse"),
                ExactMean.of("psnr"),
                ExactMean.of("ssim"))
            .head();
    double bce = means.getDouble(0);
    double kl = means.getDouble(2);
    double regTerm = config.regularizationTerm(kl);
    double reconstruction = bce * ModelConfig.PIXELS;

    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", bce + regTerm);
    metrics.put("reg_term", regTerm);
    metrics.put("bce_nats_per_pixel", bce);
    metrics.put("entropy_floor_nats_per_pixel", means.getDouble(1));
    metrics.put("recon_nats_per_image", reconstruction);
    metrics.put("kl_nats_per_image", kl);
    metrics.put("elbo_nats_per_image", -(reconstruction + kl));
    metrics.put("mse", means.getDouble(3));
    metrics.put("psnr_db", means.getDouble(4));
    metrics.put("ssim", means.getDouble(5));
    return metrics;
  }
}
