package org.sparkvae.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;

/** A server that returns every UDP datagram to its sender. */
final class UdpEchoServer implements AutoCloseable {
  static final int DATAGRAMS = 20;

  /** The length of a datagram in bytes, the same as Aeron's. */
  private static final int LENGTH = 1408;

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final DatagramSocket socket;

  /** Listens on a free port of an address of this host. */
  UdpEchoServer(String address) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
    Thread thread = new Thread(this::serve, "UDP echo");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  private void serve() {
    DatagramPacket packet = new DatagramPacket(new byte[LENGTH], LENGTH);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        socket.send(packet);
      } catch (IOException closedOrRefused) {
        // The client counts the echoes, so a lost one needs no handling here.
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }

  /**
   * Sends {@link #DATAGRAMS} datagrams to an echo server and returns the number of echoes within a
   * timeout.
   *
   * @param from the address of this process
   */
  static int countEchoes(String from, String to, int port) {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getByName(from), 0))) {
      long nonce = ThreadLocalRandom.current().nextLong();
      InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(to), port);
      for (int i = 0; i < DATAGRAMS; i++) {
        byte[] bytes = ByteBuffer.allocate(LENGTH).putLong(nonce).putInt(i).array();
        try {
          socket.send(new DatagramPacket(bytes, LENGTH, target));
        } catch (IOException rejected) {
          // A firewall on this host rejects the datagram, which counts as lost.
        }
      }
      return receiveEchoes(socket, nonce);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "UDP from %s: %s. Check this host's network.".formatted(from, e.getMessage()), e);
    }
  }

  private static int receiveEchoes(DatagramSocket socket, long nonce) throws IOException {
    BitSet received = new BitSet(DATAGRAMS);
    DatagramPacket packet = new DatagramPacket(new byte[LENGTH], LENGTH);
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    for (long remaining = TIMEOUT.toMillis();
        remaining > 0 && received.cardinality() < DATAGRAMS;
        remaining = Duration.ofNanos(deadline - System.nanoTime()).toMillis()) {
      socket.setSoTimeout((int) remaining);
      try {
        socket.receive(packet);
        ByteBuffer bytes = ByteBuffer.wrap(packet.getData());
        if (packet.getLength() == LENGTH && bytes.getLong() == nonce) {
          received.set(bytes.getInt());
        }
      } catch (SocketTimeoutException expired) {
        break;
      }
    }
    return received.cardinality();
  }

  /**
   * Checks one direction.
   *
   * @param direction a name such as {@code from driver}
   * @param echoes the number of datagrams that came back
   */
  static Finding check(String process, String direction, int echoes) {
    Check check = new Check(process, "UDP " + direction);
    String result = "%d of %d datagrams came back".formatted(echoes, DATAGRAMS);
    if (echoes == DATAGRAMS) {
      return check.ok(result);
    }
    return echoes == 0
        ? check.externalFailure(
            result,
            "Open UDP in both directions between these hosts, all ports above 1023, in every"
                + " firewall between them. If they share another network, set spark.driver.host to"
                + " the driver's address in it.")
        : check.warning(
            result,
            "Find the cause of the packet loss. Training resends lost datagrams, which is slow.");
  }
}
