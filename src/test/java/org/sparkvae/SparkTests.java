package org.sparkvae;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * The tests that run queries with Spark, as one test class for Surefire, which runs two classes at
 * a time. Only one JVM then pays for Spark's slow first queries. {@code pom.xml} excludes the
 * single classes; {@code SparkTestsTest} compares the lists.
 */
@Suite
@SelectClasses(
    names = {
      "org.sparkvae.cli.CommandsTest",
      "org.sparkvae.cli.InputFuzzTest",
      "org.sparkvae.docs.ParquetExamplesTest",
      "org.sparkvae.doctor.DoctorTest",
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
      "org.sparkvae.spark.IndexPartitioningTest",
      "org.sparkvae.spark.SparkErrorsTest"
    })
class SparkTests {}
