/**
 * Epoch after epoch: order, minibatches, losses, history, checkpoints, and the trainer without
 * Spark.
 */
package org.sparkvae.training;
