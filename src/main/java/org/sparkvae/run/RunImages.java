package org.sparkvae.run;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.mnist.Split;

/**
 * The images of a run, as DataFrames of {@code image_id}, {@code label} and {@code pixels}.
 *
 * @param train training split
 * @param trainCount images in it, ids 0 … count − 1
 * @param test test split
 * @param testCount images in it, likewise
 * @param whole the set that they are the first of
 */
record RunImages(
    Dataset<Row> train, int trainCount, Dataset<Row> test, int testCount, WholeSet whole) {

  /**
   * All images of a set, whatever the run's limit.
   *
   * @param trainCount images in the training split
   * @param checksum of the set's files
   */
  record WholeSet(Dataset<Row> train, int trainCount, Dataset<Row> test, String checksum) {}

  /** Below this many there is no distribution of images to speak of. */
  static final int ENOUGH = 100;

  boolean areEnough() {
    return trainCount >= ENOUGH && testCount >= ENOUGH;
  }

  Dataset<Row> of(Split split) {
    return split == Split.TRAIN ? train : test;
  }

  int count(Split split) {
    return split == Split.TRAIN ? trainCount : testCount;
  }
}
