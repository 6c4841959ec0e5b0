/**
 * Image generation. Latent variables are sampled from the prior, or from a density that is fitted
 * to the posteriors of training images after training. The fit does not change the model.
 */
package org.sparkvae.sampling;
