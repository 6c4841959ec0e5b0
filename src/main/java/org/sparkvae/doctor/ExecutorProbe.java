package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.SerializableConfiguration;

/** The part of the doctor that runs inside an executor. */
final class ExecutorProbe {
  /** The echo server of this executor, which stays open between the two surveys. */
  private static UdpEchoServer echoServer;

  private ExecutorProbe() {}

  /**
   * The result of an inspection.
   *
   * @param echoPort the port of this executor's echo server; 0 if the executor has no address
   * @param outputFault null if the output directory works or was not tested
   */
  record Result(ProcessInfo info, GlooInfo gloo, int echoPort, SharedOutputCheck.Fault outputFault)
      implements Serializable {}

  /**
   * Collects the facts about this process, tests the output directory and starts an echo server.
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
    return new Result(
        ProcessInfo.ofThisProcess(network, MemoryLimits.ofExecutor(configuration)),
        GlooInfo.ofThisProcess(),
        network.hasAddress() ? startEchoServer(network.address()) : 0,
        fault.orElse(null));
  }

  /**
   * Stops this executor's echo server, sends datagrams to the driver's echo server and returns the
   * number of echoes.
   */
  static int countEchoesFromDriver(String mask, String driver, int port) {
    stopEchoServer();
    NetworkInfo network = NetworkInfo.within(mask);
    return network.hasAddress() ? UdpEchoServer.countEchoes(network.address(), driver, port) : 0;
  }

  private static synchronized int startEchoServer(String address) throws IOException {
    stopEchoServer();
    echoServer = new UdpEchoServer(address);
    return echoServer.port();
  }

  private static synchronized void stopEchoServer() {
    if (echoServer != null) {
      echoServer.close();
      echoServer = null;
    }
  }
}
