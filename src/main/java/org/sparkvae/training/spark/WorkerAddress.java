package org.sparkvae.training.spark;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import org.nd4j.common.config.ND4JEnvironmentVars;
import org.nd4j.parameterserver.distributed.util.NetworkOrganizer;
import org.sparkvae.exception.ConfigurationException;

/**
 * The network address at which a worker, or the driver, listens to the others.
 *
 * <p>All are in the driver's network. On Kubernetes they are not, because the addresses of pods
 * often belong to another network on each node. There the variable {@value #VARIABLE} contains the
 * address.
 */
public final class WorkerAddress {
  /** Instead of a network: the variable contains the address. Deeplearning4j reads it, too. */
  public static final String VARIABLE = ND4JEnvironmentVars.DL4J_VOID_IP;

  private WorkerAddress() {}

  /**
   * Returns the network in which every process looks for its own address, such as {@code
   * 10.0.0.0/24}, or {@value #VARIABLE} if that variable is set. Call this method on the driver.
   *
   * @param driverHost the value of {@code spark.driver.host}
   * @throws ConfigurationException if no network interface of the driver has this address
   */
  public static String networkMask(String driverHost) {
    if (System.getenv(VARIABLE) != null) {
      return VARIABLE;
    }
    try {
      InetAddress address = InetAddress.getByName(driverHost);
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
              .formatted(driverHost, e.getMessage()),
          e);
    }
    throw new ConfigurationException(
        "spark.driver.host: no network interface of the driver has the address %s. Set spark.driver.host to one of the driver's IPv4 addresses."
            .formatted(driverHost));
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

  /**
   * Returns the address of this process.
   *
   * @param mask the result of {@link #networkMask}
   * @throws ConfigurationException if the host has no address in the network, or if the variable is
   *     set for the driver only
   */
  public static String localAddress(String mask) {
    if (mask.equals(VARIABLE)) {
      String address = System.getenv(VARIABLE);
      if (address == null) {
        throw new ConfigurationException(
            "%s: it is set for the driver, but not for this process. Set it to the address of each process, or unset it for all."
                .formatted(VARIABLE));
      }
      return address;
    }
    try {
      return new NetworkOrganizer(mask).getMatchingAddress();
    } catch (RuntimeException e) {
      // NetworkOrganizer throws its own exception. Its parser, which only knows IPv4, throws
      // others.
      throw new ConfigurationException(
          "spark.driver.host: this host has no IPv4 address in the driver's network %s. Set spark.driver.host to one of the driver's IPv4 addresses."
              .formatted(mask),
          e);
    }
  }
}
