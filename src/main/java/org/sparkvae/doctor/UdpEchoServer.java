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

/** Sends every datagram back to where it came from. */
final class UdpEchoServer implements AutoCloseable {
  static final int DATAGRAMS = 20;

  /** As long as Aeron's. */
  private static final int LENGTH = 1408;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final DatagramSocket socket;

  /** Listens on a free port of an address of this host. */
  UdpEchoServer(String address) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
    Thread thread = new Thread(this::answer, "UDP echo");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  private void answer() {
    DatagramPacket packet = new DatagramPacket(new byte[LENGTH], LENGTH);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        socket.send(packet);
      } catch (IOException closedOrRefused) {
        // The one who asked counts what comes back.
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }

  /**
   * Sends {@link #DATAGRAMS} to an echo and counts those that come back before a deadline.
   *
   * @param from this process's own address
   */
  static int returned(String from, String to, int port) {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getByName(from), 0))) {
      long nonce = ThreadLocalRandom.current().nextLong();
      InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(to), port);
      for (int i = 0; i < DATAGRAMS; i++) {
        byte[] bytes = ByteBuffer.allocate(LENGTH).putLong(nonce).putInt(i).array();
        try {
          socket.send(new DatagramPacket(bytes, LENGTH, target));
        } catch (IOException lostAtOnce) {
          // A firewall of this host refuses to send: as good as lost on the way.
        }
      }
      return count(socket, nonce);
    } catch (IOException e) {
      throw new UncheckedIOException("UDP from " + from, e);
    }
  }

  private static int count(DatagramSocket socket, long nonce) throws IOException {
    BitSet back = new BitSet(DATAGRAMS);
    DatagramPacket packet = new DatagramPacket(new byte[LENGTH], LENGTH);
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (long left = PATIENCE.toMillis();
        left > 0 && back.cardinality() < DATAGRAMS;
        left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
      socket.setSoTimeout((int) left);
      try {
        socket.receive(packet);
        ByteBuffer bytes = ByteBuffer.wrap(packet.getData());
        if (packet.getLength() == LENGTH && bytes.getLong() == nonce) {
          back.set(bytes.getInt());
        }
      } catch (SocketTimeoutException over) {
        break;
      }
    }
    return back.cardinality();
  }

  /**
   * Judges one direction.
   *
   * @param way such as {@code from the driver}
   */
  static Finding check(String where, String way, int returned) {
    String check = "UDP " + way;
    String what = "%d of %d datagrams came back".formatted(returned, DATAGRAMS);
    if (returned == DATAGRAMS) {
      return Finding.ok(where, check, what);
    }
    return returned == 0
        ? Finding.outside(
            where,
            check,
            what,
            "open UDP both ways between these hosts, all ports above 1023, in every firewall between"
                + " them; if they share another network, set spark.driver.host to its address")
        : Finding.warning(
            where,
            check,
            what,
            "look for what loses datagrams: they are sent again, which is slow");
  }
}
