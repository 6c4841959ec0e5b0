package org.sparkvae.training.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import org.nd4j.parameterserver.distributed.v2.transport.PortSupplier;

/**
 * The setup of Deeplearning4j's UDP transport in a process: its port, its clocks, the timer slack
 * of its threads and its splitter of messages.
 *
 * <p>The port is free when this process first asks for it, and then stays the same. Two processes
 * on one host therefore use different ports.
 *
 * @param mask the result of {@link WorkerAddress#networkMask}
 */
record UdpTransportSetup(String mask) implements PortSupplier {
  private static int port;

  /**
   * Returns the port and prepares the calling thread to start the transport.
   *
   * <p>All effects belong here, because this call is Deeplearning4j's only hook before the
   * transport starts. It asks for the port on the thread that then starts the transport's threads,
   * on the driver and on each executor. Those threads inherit the timer slack of the caller.
   */
  @Override
  public int getPort() {
    TimerSlack.widenForCallingThread();
    AeronClocks.replace();
    MemoryMessageSplitter.install();
    return portOfThisProcess(mask);
  }

  private static synchronized int portOfThisProcess(String mask) {
    if (port == 0) {
      // Bind only to the address that the transport will use, not to all interfaces.
      InetSocketAddress anyPort = new InetSocketAddress(WorkerAddress.localAddress(mask), 0);
      try (DatagramSocket socket = new DatagramSocket(anyPort)) {
        port = socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return port;
  }
}
