package org.sparkvae.doctor;

import java.io.Serializable;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.training.spark.WorkerAddress;

/**
 * The address that the parameter server, or a worker of {@code allreduce}, uses in a process.
 *
 * @param mask the result of {@link WorkerAddress#networkMask}; empty if it failed
 * @param address the IPv4 address; empty if this host has none in the network
 * @param fault the error if there is no address, otherwise empty
 */
record NetworkInfo(String mask, String address, String fault) implements Serializable {
  static NetworkInfo ofDriver(String driverHost) {
    try {
      return within(WorkerAddress.networkMask(driverHost));
    } catch (ConfigurationException e) {
      return new NetworkInfo("", "", e.getMessage());
    }
  }

  static NetworkInfo within(String mask) {
    try {
      return new NetworkInfo(mask, WorkerAddress.localAddress(mask), "");
    } catch (ConfigurationException e) {
      return new NetworkInfo(mask, "", e.getMessage());
    }
  }

  boolean hasAddress() {
    return !address.isEmpty();
  }

  static Finding check(String process, NetworkInfo network) {
    Check check = new Check(process, "address");
    return network.hasAddress()
        ? check.ok("%s in %s".formatted(network.address, network.mask))
        : check.wrongSetting(
            network.fault,
            "Choose an address in a network that the driver shares with every executor.");
  }
}
