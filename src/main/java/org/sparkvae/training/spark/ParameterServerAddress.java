package org.sparkvae.training.spark;

import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.parameterserver.distributed.util.NetworkOrganizer;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.model.LibraryVersion;

/** Which address Deeplearning4j's parameter server takes in a process. */
public final class ParameterServerAddress {
  private ParameterServerAddress() {}

  /** The version of the Spark modules that it comes with. */
  public static String version() {
    return LibraryVersion.of(SharedTrainingMaster.class);
  }

  /**
   * The network in which every process looks for its own address, such as {@code 10.0.0.0/24}.
   *
   * @param driver {@code spark.driver.host}
   * @throws ConfigurationException if no interface of this host, which is the driver's, has it
   */
  public static String mask(String driver) {
    return Subnet.of(driver);
  }

  /**
   * This host's address within that network.
   *
   * @throws ConfigurationException if it has none
   */
  public static String addressWithin(String mask) {
    try {
      return new NetworkOrganizer(mask).getMatchingAddress();
    } catch (RuntimeException e) {
      // Its own exception, or that of a parser which knows IPv4 alone.
      throw new ConfigurationException("no address of this host is in " + mask, e);
    }
  }
}
