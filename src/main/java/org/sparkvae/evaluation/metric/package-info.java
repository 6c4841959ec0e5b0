/**
 * Metrics as pure functions of arrays and numbers, without Spark. Each has its name from the
 * literature, and its javadoc states the definition and the unit.
 */
package org.sparkvae.evaluation.metric;
