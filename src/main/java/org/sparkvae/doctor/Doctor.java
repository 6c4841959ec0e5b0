package org.sparkvae.doctor;

import static org.sparkvae.spark.ExecutorGroup.DRIVER;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.sparkvae.doctor.ExecutorSurvey.Response;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.spark.ExecutorStartupStatus;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.spark.SparkSessions;

/** Checks the driver and every executor before a run. */
public final class Doctor {
  private final SparkSession spark;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Starts Spark and runs all checks. Usually takes less than two minutes, even if no process
   * responds.
   *
   * @param output the directory for runs, on any Hadoop file system; created if it is missing
   */
  public static List<Finding> examine(String output) {
    List<Finding> prerequisites = checkPrerequisites();
    if (prerequisites.stream().anyMatch(Finding::isFailure)) {
      return prerequisites;
    }
    SparkSession spark;
    try {
      spark = SparkSessions.start("spark-vae doctor");
    } catch (ConfigurationException e) {
      return List.of(startFailure(e.getCause() instanceof Exception cause ? cause : e));
    } catch (Exception e) {
      return List.of(startFailure(e));
    }
    try (spark) {
      if (spark.sparkContext().isStopped()) {
        return List.of(
            startFailure(new IllegalStateException("the cluster's master does not respond")));
      }
      return examine(spark, output);
    } catch (Exception e) {
      // Scala throws Spark's checked exceptions without declaring them.
      throw SparkErrors.translate(e);
    }
  }

  /** Checks what Spark needs in order to start. */
  private static List<Finding> checkPrerequisites() {
    List<Finding> findings = new ArrayList<>(PreflightChecks.ofProcess());
    if (findings.stream().anyMatch(Finding::isFailure)) {
      return findings;
    }
    SparkSessions.selectBackend(new SparkConf());
    findings.add(VersionInfo.checkJava(DRIVER, VersionInfo.ofThisProcess()));
    findings.add(JvmFlags.checkOpenPackages(DRIVER, JvmFlags.ofThisProcess()));
    findings.add(MemoryLimits.check(DRIVER, MemoryLimits.ofThisProcess()));
    return findings;
  }

  /** Checks whether files can be added to the cache. With a complete cache, none need to be. */
  static Finding checkCache(Path directory) {
    Check check = new Check(DRIVER, "cache");
    return TemporaryDirectory.inspect("XDG_CACHE_HOME", directory).isWritable()
        ? check.ok(directory.toString())
        : check.warning(
            directory + " is not a writable directory, so nothing can be downloaded into it",
            "Make it writable, set XDG_CACHE_HOME to another directory, or pass --data.");
  }

  /** Returns the finding for an exception that Spark threw when it started. */
  static Finding startFailure(Exception cause) {
    String result = "does not start: " + ErrorText.firstLine(cause);
    Check check = new Check(DRIVER, "Spark");
    return cause instanceof IllegalArgumentException || cause instanceof ConfigurationException
        ? check.wrongSetting(
            result,
            "Correct that setting in spark-defaults.conf or in the SPARK_ environment variables.")
        : check.externalFailure(
            result,
            "Check that the cluster is running, that --master is its URL, and that this host has the"
                + " address in spark.driver.host.");
  }

  static List<Finding> examine(SparkSession spark, String output) {
    Doctor doctor = new Doctor(spark);
    try {
      doctor.runChecks(output);
    } catch (IOException e) {
      throw new TransientException(
          "driver, network: %s. Check this host's network and rerun the same command."
              .formatted(e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("doctor: interrupted. Rerun the same command.", e);
    }
    return doctor.findings;
  }

  private void runChecks(String directory) throws IOException, InterruptedException {
    SparkConf configuration = spark.sparkContext().getConf();
    NetworkInfo network = NetworkInfo.ofDriver(configuration.get("spark.driver.host"));
    ProcessInfo driver = ProcessInfo.ofThisProcess(network, MemoryLimits.ofThisProcess());
    findings.addAll(ProcessInfo.check(DRIVER, driver, driver.versions()));
    findings.addAll(SparkSettingsCheck.check(configuration));
    findings.add(checkCache(CacheDirectory.ofUser()));
    Optional<SharedOutputCheck> outputCheck = checkOutput(directory);
    try {
      if (spark.sparkContext().isLocal()) {
        // In local mode the driver is the only executor.
        findings.addAll(SharedMemoryInfo.checkAll(Map.of(DRIVER, driver)));
        checkUdpToItself(network);
      } else {
        checkExecutors(driver, outputCheck);
      }
    } finally {
      outputCheck.ifPresent(SharedOutputCheck::deleteFromDriver);
    }
  }

  /** Writes the driver's test file and returns the check, or empty if the driver cannot write. */
  private Optional<SharedOutputCheck> checkOutput(String directory) {
    SharedOutputCheck outputCheck;
    try {
      outputCheck = SharedOutputCheck.forDirectory(directory);
    } catch (SparkVaeException e) {
      findings.add(
          SharedOutputCheck.check(DRIVER, directory, Optional.of(SharedOutputCheck.fault(e))));
      return Optional.empty();
    }
    Optional<SharedOutputCheck.Fault> fault = outputCheck.writeFromDriver();
    findings.add(SharedOutputCheck.check(DRIVER, outputCheck.directory(), fault));
    return fault.isEmpty() ? Optional.of(outputCheck) : Optional.empty();
  }

  private void checkUdpToItself(NetworkInfo network) throws IOException {
    if (network.hasAddress()) {
      try (UdpEchoServer server = new UdpEchoServer(network.address())) {
        int echoes = UdpEchoServer.countEchoes(network.address(), network.address(), server.port());
        findings.add(UdpEchoServer.check(DRIVER, "to itself", echoes));
      }
    }
  }

  private void checkExecutors(ProcessInfo driver, Optional<SharedOutputCheck> outputCheck)
      throws IOException, InterruptedException {
    ExecutorSurvey survey = new ExecutorSurvey(spark.sparkContext());
    String mask = driver.network().mask();
    SharedOutputCheck outputCheckOrNull = outputCheck.orElse(null);
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    List<Response<ExecutorProbe.Result>> responses =
        survey.collect(() -> ExecutorProbe.inspect(mask, outputCheckOrNull, hadoop));
    Optional<String> startupFault = ExecutorStartupStatus.failure();
    if (startupFault.isPresent()) {
      findings.add(
          new Check("executors", "GPU")
              .wrongSetting(
                  startupFault.get(),
                  "See docs/guide/gpu.md for the supported settings and cards."));
      return;
    }
    findings.add(checkRegistered(survey.endpoints()));
    if (survey.endpoints().isEmpty()) {
      return;
    }
    Map<String, ProcessInfo> processes = new LinkedHashMap<>();
    processes.put(DRIVER, driver);
    responses.stream()
        .filter(response -> response.value() != null)
        .forEach(response -> processes.put(response.process(), response.value().info()));
    List<Finding> tcpFindings = TcpReachability.checkAll(survey, responses);
    Map<String, Integer> echoesFromDriver = countEchoesFromDriver(driver.network(), responses);
    Map<String, Integer> echoesToDriver = countEchoesToDriver(driver.network(), survey);
    for (Response<ExecutorProbe.Result> response : responses) {
      String process = response.process();
      if (response.value() == null) {
        findings.add(noResponse(process, response.fault()));
        continue;
      }
      findings.addAll(ProcessInfo.check(process, response.value().info(), driver.versions()));
      findings.add(GlooInfo.check(process, response.value().gloo()));
      if (response.value().echoPort() != 0) {
        String endpoint = response.endpoint();
        findings.add(
            UdpEchoServer.check(
                process, "from driver", echoesFromDriver.getOrDefault(endpoint, 0)));
        findings.add(
            UdpEchoServer.check(process, "to driver", echoesToDriver.getOrDefault(endpoint, 0)));
      }
      outputCheck.ifPresent(
          check ->
              findings.add(
                  SharedOutputCheck.check(
                      process,
                      check.directory(),
                      Optional.ofNullable(response.value().outputFault()))));
    }
    findings.addAll(SharedMemoryInfo.checkAll(processes));
    findings.addAll(tcpFindings);
    Set<String> responded = responses.stream().map(Response::endpoint).collect(Collectors.toSet());
    for (String endpoint : survey.endpoints()) {
      if (!responded.contains(endpoint)) {
        findings.add(
            noResponse(
                "executor at " + endpoint,
                "none within %d s".formatted(ExecutorSurvey.RESPONSE_TIMEOUT.toSeconds())));
      }
    }
  }

  /** Checks that at least one executor registered; the expected number is not known here. */
  static Finding checkRegistered(Set<String> executors) {
    Check check = new Check(DRIVER, "executors");
    return executors.isEmpty()
        ? check.externalFailure(
            "none registered",
            "Check that the cluster has free cores, that a worker has spark.executor.memory free,"
                + " and that executors can reach spark.driver.host.")
        : check.ok(
            "%d: %s".formatted(executors.size(), String.join(", ", new TreeSet<>(executors))));
  }

  private static Finding noResponse(String process, String result) {
    return new Check(process, "response")
        .externalFailure(
            result,
            "Check the log and the host of this executor, or exclude its worker from the cluster.");
  }

  /** Sends datagrams to each executor and counts the echoes, by the executor's endpoint. */
  private static Map<String, Integer> countEchoesFromDriver(
      NetworkInfo driver, List<Response<ExecutorProbe.Result>> responses) {
    return responses.parallelStream()
        .filter(response -> response.value() != null && response.value().echoPort() != 0)
        .collect(
            Collectors.toMap(
                Response::endpoint,
                response ->
                    UdpEchoServer.countEchoes(
                        driver.address(),
                        response.value().info().network().address(),
                        response.value().echoPort())));
  }

  /** Lets each executor send datagrams to the driver and count the echoes, by its endpoint. */
  private static Map<String, Integer> countEchoesToDriver(NetworkInfo driver, ExecutorSurvey survey)
      throws IOException, InterruptedException {
    if (!driver.hasAddress()) {
      return Map.of();
    }
    try (UdpEchoServer server = new UdpEchoServer(driver.address())) {
      String mask = driver.mask();
      String address = driver.address();
      int port = server.port();
      return survey.collect(() -> ExecutorProbe.countEchoesFromDriver(mask, address, port)).stream()
          .filter(response -> response.value() != null)
          .collect(Collectors.toMap(Response::endpoint, Response::value));
    }
  }
}
