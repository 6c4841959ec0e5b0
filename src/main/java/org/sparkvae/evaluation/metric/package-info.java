/**
 * Metrics of arrays and numbers, each named as the literature names it, with its unit and
 * definition; knows no Spark.
 */
package org.sparkvae.evaluation.metric;
