/**
 * Evaluation of models: Spark jobs that compute metrics over the images of a run.
 *
 * <p>Unless stated otherwise, metrics use gray images with pixels y in [0, 1] and, as in the
 * reference, one Bernoulli distribution with mean p for each pixel. The likelihood p^y (1 − p)^(1 −
 * y) of a gray y is not normalized. Bounds computed from it compare models on the same images, but
 * are not comparable with results for binarized MNIST.
 */
package org.sparkvae.evaluation;
