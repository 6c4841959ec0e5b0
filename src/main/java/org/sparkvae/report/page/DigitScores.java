package org.sparkvae.report.page;

/**
 * Means over the test images of one label.
 *
 * @param images of them
 * @param bce nats per pixel
 * @param kl nats per image
 * @param loss the report's: cross-entropy plus regularisation term
 */
public record DigitScores(int label, long images, double bce, double kl, double loss) {}
