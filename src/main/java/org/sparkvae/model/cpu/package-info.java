/**
 * The model's expensive layers for the CPU, and the kernels under them. They keep the parameters of
 * Deeplearning4j's own layers, value for value and in the same order, and compute the same function
 * to rounding; {@link org.sparkvae.model.VaeGraph} chooses between the two.
 *
 * <p>Between these layers arrays keep Deeplearning4j's shapes, {@code [minibatch, channels, height,
 * width]}, as views of memory with the channels last.
 */
package org.sparkvae.model.cpu;
