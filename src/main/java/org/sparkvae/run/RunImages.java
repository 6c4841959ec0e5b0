package org.sparkvae.run;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkvae.mnist.Split;

/**
 * The images of a run, as DataFrames of {@code image_id}, {@code label} and {@code pixels}.
 *
 * @param train the training split
 * @param trainCount number of training images, with IDs 0 … trainCount − 1
 * @param test the test split
 * @param testCount number of test images, with IDs 0 … testCount − 1
 * @param fullSet the data set without the run's limit
 */
record RunImages(
    Dataset<Row> train, int trainCount, Dataset<Row> test, int testCount, FullSet fullSet) {

  /**
   * All images of a data set, without the run's limit.
   *
   * @param train the training split
   * @param trainCount number of training images
   * @param test the test split
   * @param checksum checksum of the data set's files
   */
  record FullSet(Dataset<Row> train, int trainCount, Dataset<Row> test, String checksum) {}

  /**
   * The minimum number of images in each split for the metrics of the classifier, of the latent
   * probes and of generated images.
   */
  static final int MIN_FOR_DISTRIBUTIONS = 100;

  /** Returns whether both splits have enough images to compare distributions. */
  boolean areEnoughForDistributions() {
    return trainCount >= MIN_FOR_DISTRIBUTIONS && testCount >= MIN_FOR_DISTRIBUTIONS;
  }

  /** Returns the images of a split. */
  Dataset<Row> split(Split split) {
    return split == Split.TRAIN ? train : test;
  }

  /** Returns the number of images in a split. */
  int count(Split split) {
    return split == Split.TRAIN ? trainCount : testCount;
  }
}
