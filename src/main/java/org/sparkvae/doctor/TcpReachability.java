package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The executors to which an executor can connect. Spark's executors send each other blocks of
 * shuffles and broadcasts, and with {@code allreduce} also gradients.
 *
 * @param tested the number of executors, with this one
 * @param unreachable host and port of each executor that did not accept a connection
 */
record TcpReachability(int tested, List<String> unreachable) implements Serializable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /**
   * Connects to each endpoint.
   *
   * @param endpoints the hosts and ports at which executors receive requests for blocks
   */
  static TcpReachability of(Set<String> endpoints) {
    return new TcpReachability(
        endpoints.size(),
        endpoints.parallelStream().filter(endpoint -> !isReachable(endpoint)).sorted().toList());
  }

  private static boolean isReachable(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
          (int) TIMEOUT.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static Finding check(String process, TcpReachability executors) {
    Check check = new Check(process, "TCP to executors");
    return executors.unreachable.isEmpty()
        ? check.ok("%d of %d can be reached".formatted(executors.tested, executors.tested))
        : check.externalFailure(
            "cannot connect to " + String.join(", ", executors.unreachable),
            "Open TCP in both directions between these hosts, all ports above 1023, in every firewall between them.");
  }
}
