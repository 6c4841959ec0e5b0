/**
 * Fast CPU implementations of the model's expensive layers, and their kernels. Each layer has the
 * same parameters as Deeplearning4j's, in the same order, and computes the same function up to
 * rounding. {@link org.sparkvae.model.VaeGraph} selects the implementation.
 *
 * <p>Arrays between these layers have Deeplearning4j's shapes, {@code [minibatch, channels, height,
 * width]}. They are views of memory in which the channels are the last dimension.
 */
package org.sparkvae.model.cpu;
