package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.package$;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.model.LibraryVersion;
import org.sparkvae.training.spark.ParameterServerAddress;
import scala.util.Properties;

/**
 * What runs in a process.
 *
 * @param dl4jSpark version of Deeplearning4j's Spark modules, which end earlier than the rest
 */
record VersionInfo(
    String java, String spark, String scala, String dl4j, String dl4jSpark, String nd4j)
    implements Serializable {
  private static final int JAVA = 17;
  private static final String SCALA = "2.12.";

  static VersionInfo ofThisProcess() {
    return new VersionInfo(
        System.getProperty("java.version"),
        package$.MODULE$.SPARK_VERSION(),
        Properties.versionNumberString(),
        LibraryVersion.of(ComputationGraph.class),
        ParameterServerAddress.version(),
        LibraryVersion.of(Nd4j.class));
  }

  static Finding java(String where, VersionInfo own) {
    return Runtime.Version.parse(own.java).feature() == JAVA
        ? Finding.ok(where, "Java", own.java)
        : Finding.wrongSetting(
            where,
            "Java",
            own.java + ", not " + JAVA,
            "install a JDK 17 there and set JAVA_HOME; on a cluster also spark.executorEnv.JAVA_HOME");
  }

  /** Spark, Scala, Deeplearning4j and nd4j have to be the driver's. */
  static List<Finding> libraries(String where, VersionInfo own, VersionInfo driver) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        same(where, "Spark", own.spark, driver.spark, "set SPARK_HOME to the cluster's version"));
    findings.add(
        own.scala.startsWith(SCALA)
            ? same(where, "Scala", own.scala, driver.scala, "set SPARK_HOME to the cluster's Spark")
            : Finding.wrongSetting(
                where,
                "Scala",
                own.scala + ", not " + SCALA + "x",
                "use a Spark built for Scala 2.12; Deeplearning4j has no other build"));
    findings.add(
        same(
            where,
            "Deeplearning4j",
            own.deeplearning4j(),
            driver.deeplearning4j(),
            "take older jars of it off the executors' class path (spark.executor.extraClassPath,"
                + " $SPARK_HOME/jars)"));
    return findings;
  }

  private String deeplearning4j() {
    return "%s, Spark modules %s, nd4j %s".formatted(dl4j, dl4jSpark, nd4j);
  }

  private static Finding same(String where, String check, String own, String drivers, String cure) {
    return own.equals(drivers)
        ? Finding.ok(where, check, own)
        : Finding.wrongSetting(where, check, "%s, the driver has %s".formatted(own, drivers), cure);
  }
}
