/**
 * The variational auto-encoder of the reference report as a Deeplearning4j {@code
 * ComputationGraph}: layers, noise, loss and files. This package does not depend on Spark.
 */
package org.sparkvae.model;
