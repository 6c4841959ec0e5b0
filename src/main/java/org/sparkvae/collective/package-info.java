/**
 * Sums over the workers of a distributed training. Only this package uses PyTorch, for Gloo, its
 * library that exchanges the values.
 */
package org.sparkvae.collective;
