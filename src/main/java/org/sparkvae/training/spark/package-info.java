/**
 * Distributed training on Spark with Deeplearning4j. Only this package imports Deeplearning4j's
 * Spark modules, which are being discontinued upstream.
 */
package org.sparkvae.training.spark;
