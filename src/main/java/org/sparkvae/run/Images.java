package org.sparkvae.run;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The images of a run, as DataFrames of {@code image_id}, {@code label} and {@code pixels}.
 *
 * @param train training split
 * @param trainCount images in it, ids 0 … count − 1
 * @param test test split
 * @param testCount images in it, likewise
 */
record Images(Dataset<Row> train, int trainCount, Dataset<Row> test, int testCount) {}
