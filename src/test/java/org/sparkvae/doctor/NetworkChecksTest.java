package org.sparkvae.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.sparkvae.doctor.Finding.Level;

class NetworkChecksTest {
  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void theDriversNetworkIsThatOfItsInterface() {
    NetworkInfo network = NetworkInfo.ofDriver(LOOPBACK);
    assertThat(network).isEqualTo(new NetworkInfo("127.0.0.0/8", LOOPBACK, ""));
    Finding finding = NetworkInfo.check("driver", network);
    assertThat(finding.level()).isEqualTo(Level.OK);
    assertThat(finding.what()).isEqualTo("127.0.0.1 in 127.0.0.0/8");
  }

  @Test
  void anAddressOfAnotherHostIsAFailure() {
    // Set aside for documentation: nobody has it.
    Finding finding = NetworkInfo.check("driver", NetworkInfo.ofDriver("203.0.113.9"));
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.what()).contains("no network interface", "203.0.113.9");
    assertThat(finding.cure()).contains("set spark.driver.host");
  }

  @Test
  void aHostOutsideTheDriversNetworkIsAFailure() {
    NetworkInfo network = NetworkInfo.within("203.0.113.0/24");
    assertThat(network.isKnown()).isFalse();
    Finding finding = NetworkInfo.check("executor 0 (host)", network);
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.line()).contains("no address of this host is in 203.0.113.0/24");
  }

  @Test
  void aNetworkOfIpVersion6IsAFailure() {
    assertThat(NetworkInfo.within("fe80:0:0:0:0:0:0:0/64").isKnown()).isFalse();
  }

  @Test
  void anEchoSendsAllDatagramsBack() throws IOException {
    try (UdpEchoServer echo = new UdpEchoServer(LOOPBACK)) {
      assertThat(UdpEchoServer.returned(LOOPBACK, LOOPBACK, echo.port()))
          .isEqualTo(UdpEchoServer.DATAGRAMS);
    }
  }

  @Test
  void nothingComesBackFromAPortThatKeepsSilent() throws IOException {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      long start = System.nanoTime();
      assertThat(UdpEchoServer.returned(LOOPBACK, LOOPBACK, silent.getLocalPort())).isZero();
      assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }
  }

  @Test
  void aClosedEchoIsSilentToo() throws IOException {
    UdpEchoServer echo = new UdpEchoServer(LOOPBACK);
    int port = echo.port();
    echo.close();
    assertThat(UdpEchoServer.returned(LOOPBACK, LOOPBACK, port)).isZero();
  }

  @Test
  void whatIsLostIsCounted() {
    Finding all = UdpEchoServer.check("executor 0 (host)", "to driver", 20);
    assertThat(all.level()).isEqualTo(Level.OK);
    assertThat(all.line())
        .isEqualTo("executor 0 (host), UDP to driver: 20 of 20 datagrams came back");
    Finding some = UdpEchoServer.check("executor 0 (host)", "to driver", 1);
    assertThat(some.level()).isEqualTo(Level.WARNING);
    assertThat(some.line()).contains("1 of 20", "loses datagrams");
    Finding none = UdpEchoServer.check("executor 0 (host)", "to driver", 0);
    assertThat(none.level()).isEqualTo(Level.OUTSIDE);
    assertThat(none.cure()).contains("firewall", "spark.driver.host");
  }
}
