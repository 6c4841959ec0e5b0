package org.sparkvae.model;

/**
 * The model's reconstruction of one image.
 *
 * @param pixels values in [0, 1], one per pixel, row by row: the mean of a Bernoulli distribution
 *     per pixel
 * @param bceNatsPerPixel binary cross-entropy against the image, in nats per pixel
 * @param klNatsPerImage KL divergence of the posterior from N(0, I), in nats per image
 */
public record Reconstruction(float[] pixels, double bceNatsPerPixel, double klNatsPerImage) {}
