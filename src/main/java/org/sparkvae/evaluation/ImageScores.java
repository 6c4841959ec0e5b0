package org.sparkvae.evaluation;

import java.io.Serializable;

/**
 * What one image and its reconstruction give.
 *
 * @param bce binary cross-entropy, nats per pixel
 * @param entropyFloor of the image alone, nats per pixel
 * @param kl KL divergence of the posterior from N(0, I), nats per image
 * @param mse mean squared error
 * @param ssim structural similarity
 */
record ImageScores(int imageId, double bce, double entropyFloor, double kl, double mse, double ssim)
    implements Serializable {}
