package org.sparkvae.training.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import org.nd4j.parameterserver.distributed.v2.transport.PortSupplier;

/**
 * A UDP port that was free when this process first asked, and the same one ever after, so that two
 * processes of one host do not take each other's.
 */
final class UdpPortSupplier implements PortSupplier {
  private static final long serialVersionUID = 1L;
  private static int port;
  private final String mask;

  UdpPortSupplier(String mask) {
    this.mask = mask;
  }

  @Override
  public int getPort() {
    // The thread that asks goes on to start the transport's threads.
    TimerSlack.widen();
    return ofThisProcess(mask);
  }

  private static synchronized int ofThisProcess(String mask) {
    if (port == 0) {
      // Nowhere else, not even for this moment.
      InetSocketAddress any = new InetSocketAddress(ParameterServerAddress.addressWithin(mask), 0);
      try (DatagramSocket socket = new DatagramSocket(any)) {
        port = socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return port;
  }
}
