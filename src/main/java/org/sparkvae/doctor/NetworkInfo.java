package org.sparkvae.doctor;

import java.io.Serializable;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.training.spark.ParameterServerAddress;

/**
 * The address that the parameter server takes in a process.
 *
 * @param mask the network it is looked for in; empty if that is not known
 * @param address empty if there is none
 * @param fault why there is none, else empty
 */
record NetworkInfo(String mask, String address, String fault) implements Serializable {
  private static final String CHECK = "address";

  static NetworkInfo ofDriver(String driverHost) {
    try {
      return within(ParameterServerAddress.mask(driverHost));
    } catch (ConfigurationException e) {
      return new NetworkInfo("", "", e.getMessage());
    }
  }

  static NetworkInfo within(String mask) {
    try {
      return new NetworkInfo(mask, ParameterServerAddress.addressWithin(mask), "");
    } catch (ConfigurationException e) {
      return new NetworkInfo(mask, "", e.getMessage());
    }
  }

  boolean isKnown() {
    return !address.isEmpty();
  }

  static Finding check(String where, NetworkInfo network) {
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
