package org.sparkvae.report.page;

import org.sparkvae.report.EpochPoint;

/**
 * What is known of an epoch.
 *
 * @param loss nats per pixel plus regularisation term
 * @param regTerm nats per latent element
 * @param images trained on
 * @param seconds of training, without the test loss that follows
 * @param printed the line of the report's Table 1
 */
public record EpochSummary(
    EpochPoint loss, EpochPoint regTerm, int images, double seconds, String printed) {
  int number() {
    return loss.epoch();
  }

  double imagesPerSecond() {
    return images / seconds;
  }
}
