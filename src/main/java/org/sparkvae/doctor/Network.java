package org.sparkvae.doctor;

import java.io.Serializable;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.training.spark.ParameterServer;

/**
 * The address that the parameter server takes in a process.
 *
 * @param mask the network it is looked for in; empty if that is not known
 * @param address empty if there is none
 * @param fault why there is none, else empty
 */
record Network(String mask, String address, String fault) implements Serializable {
  private static final String CHECK = "address";

  static Network ofDriver(String driverHost) {
    try {
      return within(ParameterServer.mask(driverHost));
    } catch (ConfigurationFailure e) {
      return new Network("", "", e.getMessage());
    }
  }

  static Network within(String mask) {
    try {
      return new Network(mask, ParameterServer.addressWithin(mask), "");
    } catch (ConfigurationFailure e) {
      return new Network(mask, "", e.getMessage());
    }
  }

  boolean isKnown() {
    return !address.isEmpty();
  }

  static Finding check(String where, Network network) {
    return network.isKnown()
        ? Finding.ok(where, CHECK, "%s in %s".formatted(network.address, network.mask))
        : Finding.wrongSetting(
            where,
            CHECK,
            network.fault,
            "set spark.driver.host to the driver's IPv4 address in a network that it shares with"
                + " every executor");
  }
}
