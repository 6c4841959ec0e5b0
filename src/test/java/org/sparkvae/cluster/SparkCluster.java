package org.sparkvae.cluster;

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

/**
 * A Spark standalone cluster of several hosts for the tests of a class, as a static
 * {@code @RegisterExtension}. The tests are skipped on a machine that cannot have one. It ends with
 * the tests, or with this process however that ends. Hosts count from 1.
 */
public final class SparkCluster implements BeforeAllCallback, AfterAllCallback {
  private static final String SCRIPT = "src/test/cluster/spark-cluster";

  /** The script's exit code where the machine lacks what it needs. */
  private static final int CANNOT = 77;

  /** The script gives up by itself after 60 s. */
  private static final long DEADLINE_SECONDS = 120;

  private static final int MEGABYTES_PER_EXECUTOR = 1500;

  private final int hosts;
  private final int executorsOnEach;
  private final int gpus;
  private final boolean authenticates;
  private final Map<String, String> facts = new HashMap<>();

  private SparkCluster(int hosts, int executorsOnEach, int gpus, boolean authenticates) {
    this.hosts = hosts;
    this.executorsOnEach = executorsOnEach;
    this.gpus = gpus;
    this.authenticates = authenticates;
  }

  /** So many hosts, each with one executor of one core. */
  public static SparkCluster of(int hosts) {
    return new SparkCluster(hosts, 1, 0, false);
  }

  /** The same with several executors of one core on each host. */
  public SparkCluster withExecutorsOnEach(int executors) {
    return new SparkCluster(hosts, executors, gpus, authenticates);
  }

  /** The same with so many cards on each host, if one believes its nvidia-smi. */
  public SparkCluster withGpus(int count) {
    return new SparkCluster(hosts, executorsOnEach, count, authenticates);
  }

  /** The same with processes that talk to nobody who does not know their {@link #secret}. */
  public SparkCluster withAuthentication() {
    return new SparkCluster(hosts, executorsOnEach, gpus, true);
  }

  /** The file that holds it. */
  public Path secret() {
    return state().resolve("secret");
  }

  /** Where all that it writes is. */
  public Path state() {
    return Path.of(facts.get("STATE"));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  /** Brings it up, for tests that need a fresh one each. */
  public void start() {
    String cores = Integer.toString(executorsOnEach);
    String memory = executorsOnEach * MEGABYTES_PER_EXECUTOR + "m";
    String owner = Long.toString(ProcessHandle.current().pid());
    String cards = Integer.toString(gpus);
    script(
            "up",
            Integer.toString(hosts),
            "--cores",
            cores,
            "--memory",
            memory,
            "--gpus",
            cards,
            "--authenticate",
            authenticates ? "yes" : "no",
            "--owner",
            owner)
        .map(line -> line.split("=", 2))
        .forEach(fact -> facts.put(fact[0], fact[1]));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    stop();
  }

  /** Ends all of it, drivers and master included; it may be started again, elsewhere. */
  public void stop() {
    if (!facts.isEmpty()) {
      script("down", number());
      facts.clear();
    }
  }

  /** Such as {@code spark://10.77.0.254:7077}. */
  public String master() {
    return facts.get("MASTER");
  }

  /** A driver on the master's host, on all executors. */
  public Driver driver() {
    return driver(List.of(), facts.get("DRIVER_HOST"));
  }

  /** A driver on an executor's host. */
  public Driver driverOn(int host) {
    return driver(onHost(host, List.of()), address(host));
  }

  private Driver driver(List<String> prefix, String address) {
    return new Driver(prefix, List.of("--master", master()), Map.of())
        .with("spark.driver.host", address)
        .with("spark.driver.bindAddress", address)
        .with("spark.executor.cores", "1")
        .with("spark.executor.memory", MEGABYTES_PER_EXECUTOR + "m")
        // Without it a standalone cluster does not tell the driver how many to wait for.
        .with("spark.cores.max", Integer.toString(hosts * executorsOnEach));
  }

  /** From now on every packet from and to the host is lost, and nobody is told. */
  public void cut(int host) {
    script("cut", number(), Integer.toString(host));
  }

  /** Ends {@link #cut}. */
  public void heal(int host) {
    script("heal", number(), Integer.toString(host));
  }

  /** From now on a host sends no datagram to another. */
  public void blockUdp(int host) {
    udpRule("add", host);
  }

  /** Ends {@link #blockUdp}. */
  public void unblockUdp(int host) {
    udpRule("del", host);
  }

  private void udpRule(String action, int host) {
    script(
        "exec %s %d ip rule %s ipproto udp blackhole pref 10"
            .formatted(number(), host, action)
            .split(" "));
  }

  /** SIGKILL to the executors of a host; returns their pids. */
  public List<Long> killExecutors(int host) {
    return script("kill-executor", number(), Integer.toString(host)).map(Long::valueOf).toList();
  }

  /** SIGKILL to everything that runs on a host. */
  public void killHost(int host) {
    script("kill-host", number(), Integer.toString(host));
  }

  /** SIGKILL to all of it but drivers, who are not told. */
  public void powerOff() {
    script("power-off", number());
  }

  /** A command that runs another on a host. */
  public List<String> onHost(int host, List<String> command) {
    return Stream.concat(
            Stream.of(SCRIPT, "exec", number(), Integer.toString(host)), command.stream())
        .toList();
  }

  /** The host of each executor that there is, in order. */
  public List<Integer> executors() {
    return script("executors", number())
        .map(line -> Integer.valueOf(line.substring(line.lastIndexOf('-') + 1)))
        .sorted()
        .toList();
  }

  /** What is in the {@code /dev/shm} that a host has for itself. */
  public List<String> sharedMemory(int host) {
    return script("exec", number(), Integer.toString(host), "ls", "/dev/shm").toList();
  }

  /** The processes of the executors that there are. */
  public List<Long> executorPids() {
    return script("executors", number())
        .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
        .toList();
  }

  /** The addresses of all hosts and of the master's, in order. */
  public List<String> addresses() {
    return Stream.concat(
            IntStream.rangeClosed(1, hosts).mapToObj(this::address),
            Stream.of(facts.get("DRIVER_HOST")))
        .sorted()
        .toList();
  }

  private String address(int host) {
    String nameAndAddress = facts.get("HOST_" + host);
    return nameAndAddress.substring(nameAndAddress.indexOf(' ') + 1);
  }

  private String number() {
    return facts.get("CLUSTER");
  }

  /** Runs the script to its end and returns the lines it printed. */
  static Stream<String> script(String... arguments) {
    List<String> command = Stream.concat(Stream.of(SCRIPT), Stream.of(arguments)).toList();
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      // The second compiler does not pay for itself in so short a life, of so many processes.
      if (!Boolean.getBoolean("complete")) {
        builder.environment().put("CLUSTER_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
      }
      Process process = builder.start();
      // What it prints is less than a pipe holds.
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
        throw new AssertionError("no end after " + DEADLINE_SECONDS + " s: " + command);
      }
      String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assumeTrue(process.exitValue() != CANNOT, errors.strip());
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
