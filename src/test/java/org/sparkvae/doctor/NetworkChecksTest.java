package org.sparkvae.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sparkvae.doctor.Finding.Level;

class NetworkChecksTest {
  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void findsTheNetworkOfTheDriversInterface() {
    NetworkInfo network = NetworkInfo.ofDriver(LOOPBACK);
    assertThat(network).isEqualTo(new NetworkInfo("127.0.0.0/8", LOOPBACK, ""));
    Finding finding = NetworkInfo.check("driver", network);
    assertThat(finding.level()).isEqualTo(Level.OK);
    assertThat(finding.result()).isEqualTo("127.0.0.1 in 127.0.0.0/8");
  }

  @Test
  void rejectsAnAddressOfAnotherHost() {
    // This address is reserved for documentation, so no host has it.
    Finding finding = NetworkInfo.check("driver", NetworkInfo.ofDriver("203.0.113.9"));
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.result())
        .contains("no network interface", "203.0.113.9", "Set spark.driver.host");
    assertThat(finding.fix()).contains("a network that the driver shares with every executor");
  }

  @Test
  void rejectsAHostOutsideTheDriversNetwork() {
    NetworkInfo network = NetworkInfo.within("203.0.113.0/24");
    assertThat(network.hasAddress()).isFalse();
    Finding finding = NetworkInfo.check("executor 0 (host)", network);
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.line())
        .contains("this host has no IPv4 address in the driver's network 203.0.113.0/24");
  }

  @Test
  void rejectsAnIpv6Network() {
    assertThat(NetworkInfo.within("fe80:0:0:0:0:0:0:0/64").hasAddress()).isFalse();
  }

  @Test
  void countsAllEchoes() throws IOException {
    try (UdpEchoServer server = new UdpEchoServer(LOOPBACK)) {
      assertThat(UdpEchoServer.countEchoes(LOOPBACK, LOOPBACK, server.port()))
          .isEqualTo(UdpEchoServer.DATAGRAMS);
    }
  }

  @Test
  void stopsWaitingForASilentPort() throws IOException {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      long start = System.nanoTime();
      assertThat(UdpEchoServer.countEchoes(LOOPBACK, LOOPBACK, silent.getLocalPort())).isZero();
      assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }
  }

  @Test
  void aClosedServerReturnsNothing() throws IOException {
    UdpEchoServer server = new UdpEchoServer(LOOPBACK);
    int port = server.port();
    server.close();
    assertThat(UdpEchoServer.countEchoes(LOOPBACK, LOOPBACK, port)).isZero();
  }

  @Test
  void reportsLostDatagrams() {
    Finding all = UdpEchoServer.check("executor 0 (host)", "to driver", 20);
    assertThat(all.level()).isEqualTo(Level.OK);
    assertThat(all.line())
        .isEqualTo("executor 0 (host), UDP to driver: 20 of 20 datagrams came back");
    Finding some = UdpEchoServer.check("executor 0 (host)", "to driver", 1);
    assertThat(some.level()).isEqualTo(Level.WARNING);
    assertThat(some.line()).contains("1 of 20", "packet loss");
    Finding none = UdpEchoServer.check("executor 0 (host)", "to driver", 0);
    assertThat(none.level()).isEqualTo(Level.EXTERNAL_FAILURE);
    assertThat(none.fix()).contains("firewall", "spark.driver.host");
  }

  @Test
  void namesTheExecutorsThatCannotBeReached() throws IOException {
    ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    closed.close();
    try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress reachable =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), open.getLocalPort());
      InetSocketAddress unreachable =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), closed.getLocalPort());
      Finding all =
          TcpReachability.check(
              "executor 0 (host)", TcpReachability.of(Map.of("executor 0 (host)", reachable)));
      assertThat(all.level()).isEqualTo(Level.OK);
      Finding some =
          TcpReachability.check(
              "executor 0 (host)",
              TcpReachability.of(
                  Map.of("executor 0 (host)", reachable, "executor 1 (peer)", unreachable)));
      assertThat(some.level()).isEqualTo(Level.EXTERNAL_FAILURE);
      assertThat(some.line())
          .startsWith(
              "executor 0 (host), TCP to executors: cannot connect to executor 1 (peer). Open TCP");
    }
  }
}
