package org.sparkvae.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.sparkvae.testing.JvmProcess;

/**
 * A Spark standalone cluster of several hosts for the tests of a class, used as a static
 * {@code @RegisterExtension}. On a machine that does not support it, the tests are skipped. The
 * cluster stops after the tests, or when this process ends for any reason. Hosts are numbered from
 * 1.
 */
public final class SparkCluster implements BeforeAllCallback, AfterAllCallback {
  private static final String SCRIPT = "src/test/cluster/spark-cluster";

  /** The script's exit code if the machine does not support clusters. */
  private static final int UNSUPPORTED = 77;

  private static final String UDP = "ipproto udp blackhole pref 10";

  private static final String HIGH_PORTS =
      "to %s ipproto tcp sport 10000-65534 dport 10000-65534 blackhole pref 10";

  /** A hardware address that no host has. */
  private static final String NO_HOST = " dev eth0 lladdr 02:00:00:00:00:00 nud permanent";

  /** A limit above the script's own timeout of 60 s. */
  private static final long DEADLINE_SECONDS = 120;

  private static final int MEGABYTES_PER_EXECUTOR = 1500;

  /** The name of the lock that the tests on {@link #SHARED} hold. */
  public static final String LOCK = "shared cluster";

  /**
   * A cluster of two hosts that starts once and stops after all tests. A class that uses it has
   * {@code @ResourceLock(SparkCluster.LOCK)} and leaves it as it was.
   */
  public static final SparkCluster SHARED = of(2);

  private final int hosts;
  private final int executorsPerHost;
  private final int gpus;
  private final boolean authenticated;
  private final Map<String, String> properties = new HashMap<>();

  private SparkCluster(int hosts, int executorsPerHost, int gpus, boolean authenticated) {
    this.hosts = hosts;
    this.executorsPerHost = executorsPerHost;
    this.gpus = gpus;
    this.authenticated = authenticated;
  }

  /** Returns a cluster whose hosts each run one executor with one core. */
  public static SparkCluster of(int hosts) {
    return new SparkCluster(hosts, 1, 0, false);
  }

  /** Returns a copy with several executors of one core on each host. */
  public SparkCluster withExecutorsPerHost(int executors) {
    return new SparkCluster(hosts, executors, gpus, authenticated);
  }

  /** Returns a copy with simulated GPUs on each host: its nvidia-smi lists them. */
  public SparkCluster withGpus(int count) {
    return new SparkCluster(hosts, executorsPerHost, count, authenticated);
  }

  /** Returns a copy whose processes require {@link #secret} from every client. */
  public SparkCluster withAuthentication() {
    return new SparkCluster(hosts, executorsPerHost, gpus, true);
  }

  /** Returns the file that contains the cluster's authentication secret. */
  public Path secret() {
    return state().resolve("secret");
  }

  /** Returns the directory of all files that the cluster writes. */
  public Path state() {
    return Path.of(properties.get("STATE"));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (this == SHARED) {
      context.getRoot().getStore(Namespace.GLOBAL).getOrComputeIfAbsent(LOCK, key -> startShared());
    } else {
      start();
    }
  }

  /** Starts the cluster and returns an object that stops it. */
  private AutoCloseable startShared() {
    start();
    return this::stop;
  }

  /** Starts the cluster, for tests that each require a new one. */
  public void start() {
    String cores = Integer.toString(executorsPerHost);
    String memory = executorsPerHost * MEGABYTES_PER_EXECUTOR + "m";
    String owner = Long.toString(ProcessHandle.current().pid());
    script(
            "up",
            Integer.toString(hosts),
            "--cores",
            cores,
            "--memory",
            memory,
            "--gpus",
            Integer.toString(gpus),
            "--authenticate",
            authenticated ? "yes" : "no",
            "--owner",
            owner)
        .map(line -> line.split("=", 2))
        .forEach(property -> properties.put(property[0], property[1]));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (this != SHARED) {
      stop();
    }
  }

  /**
   * Stops all processes, including drivers and the master. {@link #start} creates a new cluster.
   */
  public void stop() {
    if (!properties.isEmpty()) {
      script("down", number());
      properties.clear();
    }
  }

  /** Returns the master URL, such as {@code spark://10.77.0.254:7077}. */
  public String master() {
    return properties.get("MASTER");
  }

  /** Returns a driver on the master's host that uses all executors. */
  public Driver driver() {
    return driver(List.of(), properties.get("DRIVER_HOST"));
  }

  /** Returns a driver on an executor's host. */
  public Driver driverOn(int host) {
    return driver(commandOnHost(host, List.of()), address(host));
  }

  private Driver driver(List<String> prefix, String address) {
    return new Driver(prefix, List.of("--master", master()), Map.of())
        .with("spark.driver.host", address)
        .with("spark.driver.bindAddress", address)
        .with("spark.executor.cores", "1")
        .with("spark.executor.memory", MEGABYTES_PER_EXECUTOR + "m")
        // On a standalone cluster, the driver derives the number of executors to wait for from it.
        .with("spark.cores.max", Integer.toString(hosts * executorsPerHost));
  }

  /** Drops all packets from and to a host; the connections stay open. */
  public void cut(int host) {
    script("cut", number(), Integer.toString(host));
  }

  /** Undoes {@link #cut}. */
  public void heal(int host) {
    script("heal", number(), Integer.toString(host));
  }

  /** Drops all packets from a host to another one. Both still reach the driver. */
  public void cutBetween(int host, int peer) {
    ip(host, "neighbor replace " + address(peer) + NO_HOST);
  }

  /** Undoes {@link #cutBetween}. */
  public void healBetween(int host, int peer) {
    ip(host, "neighbor del " + address(peer) + " dev eth0");
  }

  /** Rejects TCP from a host to another one if both ports are above 10000. */
  public void blockHighPorts(int host, int peer) {
    ip(host, "rule add " + HIGH_PORTS.formatted(address(peer)));
  }

  /** Undoes {@link #blockHighPorts}. */
  public void unblockHighPorts(int host, int peer) {
    ip(host, "rule del " + HIGH_PORTS.formatted(address(peer)));
  }

  /** Drops all UDP datagrams that a host sends to others. */
  public void blockUdp(int host) {
    ip(host, "rule add " + UDP);
  }

  /** Undoes {@link #blockUdp}. */
  public void unblockUdp(int host) {
    ip(host, "rule del " + UDP);
  }

  /**
   * Limits what a host sends to others.
   *
   * @param rate a rate of {@code tc}, such as {@code 100mbit}
   */
  public void throttle(int host, String rate) {
    String limit = "tc qdisc add dev eth0 root tbf rate %s burst 256kb latency 400ms";
    script("exec %s %d %s".formatted(number(), host, limit.formatted(rate)).split(" "));
  }

  /** Runs the command {@code ip} on a host. */
  private void ip(int host, String arguments) {
    script("exec %s %d ip %s".formatted(number(), host, arguments).split(" "));
  }

  /** Kills the executors of a host with SIGKILL and returns their pids. */
  public List<Long> killExecutors(int host) {
    return script("kill-executor", number(), Integer.toString(host)).map(Long::valueOf).toList();
  }

  /** Kills all processes of a host with SIGKILL. */
  public void killHost(int host) {
    script("kill-host", number(), Integer.toString(host));
  }

  /** Kills all processes except the drivers with SIGKILL, without closing their connections. */
  public void powerOff() {
    script("power-off", number());
  }

  /** Returns a command line that runs a command on a host. */
  public List<String> commandOnHost(int host, List<String> command) {
    return Stream.concat(
            Stream.of(SCRIPT, "exec", number(), Integer.toString(host)), command.stream())
        .toList();
  }

  /** Returns the host of each running executor, in ascending order. */
  public List<Integer> executorHosts() {
    return script("executors", number())
        .map(line -> Integer.valueOf(line.substring(line.lastIndexOf('-') + 1)))
        .sorted()
        .toList();
  }

  /** Returns the names of the files in a host's own {@code /dev/shm}. */
  public List<String> sharedMemory(int host) {
    return script("exec", number(), Integer.toString(host), "ls", "/dev/shm").toList();
  }

  /** Stops the executors of a host with SIGSTOP, which keeps their connections open. */
  public void suspendExecutors(int host) {
    script("suspend-executor", number(), Integer.toString(host));
  }

  /** Returns the pids of the running executors. */
  public List<Long> executorPids() {
    return script("executors", number())
        .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
        .toList();
  }

  /** Returns the addresses of all hosts and of the master, sorted. */
  public List<String> addresses() {
    return Stream.concat(
            IntStream.rangeClosed(1, hosts).mapToObj(this::address),
            Stream.of(properties.get("DRIVER_HOST")))
        .sorted()
        .toList();
  }

  /** Returns the address of a host, from 1. */
  public String address(int host) {
    String nameAndAddress = properties.get("HOST_" + host);
    return nameAndAddress.substring(nameAndAddress.indexOf(' ') + 1);
  }

  private String number() {
    return properties.get("CLUSTER");
  }

  /** Runs the script and returns the lines that it prints. */
  public static Stream<String> script(String... arguments) {
    List<String> command = Stream.concat(Stream.of(SCRIPT), Stream.of(arguments)).toList();
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("CLUSTER_JAVA_OPTIONS", String.join(" ", JvmProcess.SHORT_LIVED));
      Process process = builder.start();
      // The output fits into a pipe's buffer, so the script cannot block on it.
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
        throw new AssertionError("not finished after " + DEADLINE_SECONDS + " s: " + command);
      }
      String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assumeTrue(process.exitValue() != UNSUPPORTED, errors.strip());
      assertThat(process.exitValue()).as("%s: %s", command, errors).isZero();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
