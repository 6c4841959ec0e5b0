package org.sparkvae.model;

/**
 * What the model makes of one image.
 *
 * @param pixels 784 values in [0, 1], row by row: the mean of a Bernoulli for each pixel
 * @param bceNatsPerPixel binary cross-entropy against the image, nats per pixel
 * @param klNatsPerImage KL divergence of the posterior from N(0, I), nats per image
 */
// Made by the ten thousand and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Reconstruction(float[] pixels, double bceNatsPerPixel, double klNatsPerImage) {}
