package org.sparkvae.training.spark;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import org.sparkvae.exception.ConfigurationException;

/** The subnet that contains an address of this host. */
final class Subnet {
  private Subnet() {}

  /**
   * Returns the network mask, such as {@code 10.0.0.0/24}. Every process of the job uses it to find
   * its own address in the driver's network.
   *
   * @throws ConfigurationException if no network interface of this host has the address
   */
  static String maskOf(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InterfaceAddress candidate : network.getInterfaceAddresses()) {
          if (candidate.getAddress().equals(address)) {
            return mask(address.getAddress(), candidate.getNetworkPrefixLength());
          }
        }
      }
    } catch (UnknownHostException | SocketException e) {
      throw new ConfigurationException(
          "spark.driver.host: %s cannot be resolved (%s). Set spark.driver.host to one of the driver's IPv4 addresses."
              .formatted(host, e.getMessage()),
          e);
    }
    throw new ConfigurationException(
        "spark.driver.host: no network interface of the driver has the address %s. Set spark.driver.host to one of the driver's IPv4 addresses."
            .formatted(host));
  }

  private static String mask(byte[] address, int prefixLength) {
    for (int bit = prefixLength; bit < address.length * 8; bit++) {
      address[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    try {
      return InetAddress.getByAddress(address).getHostAddress() + "/" + prefixLength;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
