/**
 * How good a model is: the Spark jobs that compute metrics over a run's images.
 *
 * <p>Unless it says otherwise a metric is of grey images, pixels y in [0, 1], and a Bernoulli with
 * mean p for each pixel, as in the report. The likelihood of a grey y under a Bernoulli, p^y (1 −
 * p)^(1 − y), is not normalised; bounds made from it compare models of the same images, and cannot
 * be held against figures for binarised MNIST.
 */
package org.sparkvae.evaluation;
