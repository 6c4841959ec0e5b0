package org.sparkvae.report.page;

/**
 * The mean scores of the test images of one label.
 *
 * @param images the number of images
 * @param bce the cross-entropy in nats per pixel
 * @param kl the KL divergence in nats per image
 * @param loss the reference report's loss: cross-entropy plus regularization term
 */
public record DigitScores(int label, long images, double bce, double kl, double loss) {}
