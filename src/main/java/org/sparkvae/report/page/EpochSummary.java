package org.sparkvae.report.page;

import org.sparkvae.report.EpochPoint;

/**
 * The results of one epoch.
 *
 * @param loss the cross-entropy in nats per pixel plus the regularization term
 * @param regTerm the regularization term in nats per latent element
 * @param images the number of images trained on
 * @param seconds the training time, without the test loss that follows
 * @param tableOneLine the epoch's line in the format of the reference report's Table 1
 */
public record EpochSummary(
    EpochPoint loss, EpochPoint regTerm, int images, double seconds, String tableOneLine) {
  int number() {
    return loss.epoch();
  }

  double imagesPerSecond() {
    return images / seconds;
  }
}
