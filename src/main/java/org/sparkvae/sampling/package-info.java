/**
 * Images drawn from a model: z from the prior, or from a density fitted to the posteriors of
 * training images afterwards, which changes no weight.
 */
package org.sparkvae.sampling;
