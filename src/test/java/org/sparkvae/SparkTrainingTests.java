package org.sparkvae;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** The tests of training with Spark, which run at the same time as {@link SparkTests}. */
@Suite
@SelectClasses(
    names = {
      "org.sparkvae.evaluation.DigitClassifierTest",
      "org.sparkvae.training.LocalTrainerTest",
      "org.sparkvae.training.spark.EpochFailureDetectorTest",
      "org.sparkvae.training.spark.MinibatchPartitionerTest",
      "org.sparkvae.training.spark.OneWorkerTest",
      "org.sparkvae.training.spark.SharedTrainerTest"
    })
class SparkTrainingTests {}
