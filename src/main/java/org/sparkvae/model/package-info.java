/**
 * The report's variational auto-encoder as a Deeplearning4j {@code ComputationGraph}: its layers,
 * its noise, its loss, its files. Knows nothing of Spark.
 */
package org.sparkvae.model;
