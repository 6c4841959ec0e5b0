package org.sparkvae.training.spark;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import org.sparkvae.exception.ConfigurationException;

/** The network that an address of this host belongs to. */
final class Subnet {
  private Subnet() {}

  /**
   * The mask by which every process of the job finds its own address in the driver's network, such
   * as {@code 10.0.0.0/24}.
   *
   * @throws ConfigurationException if no interface of this host has the address
   */
  static String of(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InterfaceAddress each : network.getInterfaceAddresses()) {
          if (each.getAddress().equals(address)) {
            return masked(address.getAddress(), each.getNetworkPrefixLength());
          }
        }
      }
    } catch (UnknownHostException | SocketException e) {
      throw new ConfigurationException(
          "spark.driver.host: %s cannot be looked up (%s)".formatted(host, e.getMessage()), e);
    }
    throw new ConfigurationException(
        "spark.driver.host: no network interface of the driver has the address %s".formatted(host));
  }

  private static String masked(byte[] address, int prefix) {
    for (int bit = prefix; bit < address.length * 8; bit++) {
      address[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    try {
      return InetAddress.getByAddress(address).getHostAddress() + "/" + prefix;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
