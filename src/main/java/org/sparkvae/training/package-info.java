/**
 * Training without Spark: the epoch loop, the order of images, losses, history, checkpoints and the
 * local trainer.
 */
package org.sparkvae.training;
