package org.sparkvae.training.spark;

import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.parameterserver.distributed.util.NetworkOrganizer;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.model.JarVersion;

/** Which address Deeplearning4j's parameter server takes in a process. */
public final class ParameterServer {
  private ParameterServer() {}

  /** The version of the Spark modules that it comes with. */
  public static String version() {
    return JarVersion.of(SharedTrainingMaster.class);
  }

  /**
   * The network in which every process looks for its own address, such as {@code 10.0.0.0/24}.
   *
   * @param driver {@code spark.driver.host}
   * @throws ConfigurationFailure if no interface of this host, which is the driver's, has it
   */
  public static String mask(String driver) {
    return Subnet.of(driver);
  }

  /**
   * This host's address within that network.
   *
   * @throws ConfigurationFailure if it has none
   */
  public static String addressWithin(String mask) {
    try {
      return new NetworkOrganizer(mask).getMatchingAddress();
    } catch (RuntimeException e) {
      // Its own exception, or that of a parser which knows IPv4 alone.
      throw new ConfigurationFailure("no address of this host is in " + mask, e);
    }
  }
}
