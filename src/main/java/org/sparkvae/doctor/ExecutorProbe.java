package org.sparkvae.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** What is done inside an executor. */
final class ExecutorProbe {
  /** Left open from one question to the next. */
  private static UdpEchoServer echo;

  private ExecutorProbe() {}

  /**
   * What the first question brings back.
   *
   * @param echoPort where this executor sends datagrams back; 0 if it has no address to do it at
   * @param outputFault null if all is well with the output directory, or it was not tried
   */
  record Report(ProcessInfo facts, int echoPort, SharedOutputCheck.Fault outputFault)
      implements Serializable {}

  /**
   * Looks around, uses the output directory, and begins to send datagrams back.
   *
   * @param mask of the driver's network; empty if it has none
   * @param output to be used; null if the driver could not
   */
  static Report lookAround(String mask, SharedOutputCheck output) throws IOException {
    SparkConf configuration = SparkEnv.get().conf();
    NetworkInfo network =
        mask.isEmpty()
            ? new NetworkInfo("", "", "the driver has no network")
            : NetworkInfo.within(mask);
    Optional<SharedOutputCheck.Fault> fault =
        output == null
            ? Optional.empty()
            : output.usedByExecutor(
                SparkEnv.get().executorId(), SparkHadoopUtil.get().newConfiguration(configuration));
    return new Report(
        ProcessInfo.ofThisProcess(network, MemoryLimits.ofExecutor(configuration)),
        network.isKnown() ? openEcho(network.address()) : 0,
        fault.orElse(null));
  }

  /** How many datagrams the driver's echo sends back; this executor's own echo ends. */
  static int datagramsFromDriver(String mask, String driver, int port) {
    closeEcho();
    NetworkInfo network = NetworkInfo.within(mask);
    return network.isKnown() ? UdpEchoServer.returned(network.address(), driver, port) : 0;
  }

  private static synchronized int openEcho(String address) throws IOException {
    closeEcho();
    echo = new UdpEchoServer(address);
    return echo.port();
  }

  private static synchronized void closeEcho() {
    if (echo != null) {
      echo.close();
      echo = null;
    }
  }
}
