package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.package$;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.model.LibraryVersion;
import org.sparkvae.training.spark.SharedTrainer;
import scala.util.Properties;

/**
 * The versions of Java and the libraries in a process.
 *
 * @param dl4jSpark the version of Deeplearning4j's Spark modules, whose last release is older than
 *     that of the other modules
 */
record VersionInfo(
    String java, String spark, String scala, String dl4j, String dl4jSpark, String nd4j)
    implements Serializable {
  private static final int REQUIRED_JAVA = 17;
  private static final String REQUIRED_SCALA = "2.12.";

  static VersionInfo ofThisProcess() {
    return new VersionInfo(
        System.getProperty("java.version"),
        package$.MODULE$.SPARK_VERSION(),
        Properties.versionNumberString(),
        LibraryVersion.of(ComputationGraph.class),
        SharedTrainer.libraryVersion(),
        LibraryVersion.of(Nd4j.class));
  }

  static Finding checkJava(String process, VersionInfo versions) {
    Check check = new Check(process, "Java");
    return Runtime.Version.parse(versions.java).feature() == REQUIRED_JAVA
        ? check.ok(versions.java)
        : check.wrongSetting(
            "%s, expected %d".formatted(versions.java, REQUIRED_JAVA),
            "Install JDK 17 on this host and set JAVA_HOME, on a cluster also"
                + " spark.executorEnv.JAVA_HOME.");
  }

  /** Checks that Spark, Scala, Deeplearning4j and nd4j have the same versions as on the driver. */
  static List<Finding> checkLibraries(String process, VersionInfo versions, VersionInfo driver) {
    String sparkFix = "Set SPARK_HOME to an installation of the cluster's Spark version.";
    Check scala = new Check(process, "Scala");
    return List.of(
        checkSame(new Check(process, "Spark"), versions.spark, driver.spark, sparkFix),
        versions.scala.startsWith(REQUIRED_SCALA)
            ? checkSame(scala, versions.scala, driver.scala, sparkFix)
            : scala.wrongSetting(
                "%s, expected %sx".formatted(versions.scala, REQUIRED_SCALA),
                "Use a Spark build for Scala 2.12. Deeplearning4j supports no other version."),
        checkSame(
            new Check(process, "Deeplearning4j"),
            versions.deeplearning4j(),
            driver.deeplearning4j(),
            "Remove other Deeplearning4j jars from the executors' class path"
                + " (spark.executor.extraClassPath, $SPARK_HOME/jars)."));
  }

  private String deeplearning4j() {
    return "%s, Spark modules %s, nd4j %s".formatted(dl4j, dl4jSpark, nd4j);
  }

  private static Finding checkSame(Check check, String version, String driverVersion, String fix) {
    return version.equals(driverVersion)
        ? check.ok(version)
        : check.wrongSetting("%s, but the driver has %s".formatted(version, driverVersion), fix);
  }
}
