package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.SerializableConfiguration;

/** The part of the doctor that runs inside an executor. */
final class ExecutorProbe {
  /** The servers of this executor, which stay open until the last survey. */
  private static UdpEchoServer echoServer;

  private static ServerSocket tcpServer;

  /** The number of executors that can connect at the same time. No connection is accepted. */
  private static final int BACKLOG = 1024;

  private ExecutorProbe() {}

  /**
   * The result of an inspection.
   *
   * @param echoPort the port of this executor's echo server; 0 if the executor has no address
   * @param tcpPort the port at which this executor listens for TCP; 0 if it has no address
   * @param outputFault null if the output directory works or was not tested
   */
  record Result(
      ProcessInfo info,
      GlooInfo gloo,
      int echoPort,
      int tcpPort,
      SharedOutputCheck.Fault outputFault)
      implements Serializable {
    /** Returns the address at which this executor listens for TCP. */
    InetSocketAddress tcpAddress() {
      return new InetSocketAddress(info.network().address(), tcpPort);
    }
  }

  /**
   * Collects the facts about this process, tests the output directory and starts the servers.
   *
   * @param mask the driver's network; empty if it has none
   * @param outputCheck the test of the output directory; null if it failed on the driver
   * @param hadoop the driver's Hadoop settings, which Spark's own reads and writes use too
   */
  static Result inspect(
      String mask, SharedOutputCheck outputCheck, SerializableConfiguration hadoop)
      throws IOException {
    SparkConf configuration = SparkEnv.get().conf();
    NetworkInfo network =
        mask.isEmpty()
            ? new NetworkInfo("", "", "the driver has no network")
            : NetworkInfo.within(mask);
    Optional<SharedOutputCheck.Fault> fault =
        outputCheck == null
            ? Optional.empty()
            : outputCheck.testFromExecutor(SparkEnv.get().executorId(), hadoop.value());
    if (network.hasAddress()) {
      startServers(network.address());
    }
    return new Result(
        ProcessInfo.ofThisProcess(network, MemoryLimits.ofExecutor(configuration)),
        GlooInfo.ofThisProcess(),
        network.hasAddress() ? echoServer.port() : 0,
        network.hasAddress() ? tcpServer.getLocalPort() : 0,
        fault.orElse(null));
  }

  /**
   * Stops this executor's servers, sends datagrams to the driver's echo server and returns the
   * number of echoes.
   */
  static int countEchoesFromDriver(String mask, String driver, int port) throws IOException {
    stopServers();
    NetworkInfo network = NetworkInfo.within(mask);
    return network.hasAddress() ? UdpEchoServer.countEchoes(network.address(), driver, port) : 0;
  }

  private static synchronized void startServers(String address) throws IOException {
    stopServers();
    echoServer = new UdpEchoServer(address);
    tcpServer = new ServerSocket(0, BACKLOG, InetAddress.getByName(address));
  }

  private static synchronized void stopServers() throws IOException {
    if (echoServer != null) {
      echoServer.close();
      echoServer = null;
    }
    if (tcpServer != null) {
      tcpServer.close();
      tcpServer = null;
    }
  }
}
