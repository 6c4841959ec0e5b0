/**
 * Training through Deeplearning4j's parameter server on Spark: the only place that imports its
 * Spark modules, which upstream is ending.
 */
package org.sparkvae.training.spark;
