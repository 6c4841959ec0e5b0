package org.sparkvae;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * The tests that use Spark, as one test class for Surefire, which runs two classes at a time. Only
 * one JVM then pays for Spark's start and its slow first queries. {@code pom.xml} excludes the
 * single classes; {@code SparkTestsTest} compares the two lists.
 */
@Suite
@SelectClasses(
    names = {
      "org.sparkvae.cli.CommandsTest",
      "org.sparkvae.cli.InputFuzzTest",
      "org.sparkvae.docs.ParquetExamplesTest",
      "org.sparkvae.doctor.DoctorTest",
      "org.sparkvae.evaluation.DigitClassifierTest",
      "org.sparkvae.evaluation.EvaluationTest",
      "org.sparkvae.evaluation.SplitMetricsTest",
      "org.sparkvae.ml.VaeTest",
      "org.sparkvae.mnist.ImageTableReadTest",
      "org.sparkvae.reconstruction.ParquetLayoutTest",
      "org.sparkvae.reconstruction.ReconstructionTest",
      "org.sparkvae.run.BlockSampleTest",
      "org.sparkvae.run.ReportStageTest",
      "org.sparkvae.run.RunFuzzTest",
      "org.sparkvae.sampling.PosteriorMixtureTest",
      "org.sparkvae.spark.ExecutorStartupStatusTest",
      "org.sparkvae.spark.ImageCheckTest",
      "org.sparkvae.spark.SparkErrorsTest",
      "org.sparkvae.training.LocalTrainerTest",
      "org.sparkvae.training.spark.EpochFailureDetectorTest",
      "org.sparkvae.training.spark.MinibatchPartitionerTest",
      "org.sparkvae.training.spark.OneWorkerTest",
      "org.sparkvae.training.spark.SharedTrainerTest"
    })
class SparkTests {}
