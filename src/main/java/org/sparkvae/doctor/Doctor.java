package org.sparkvae.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkvae.doctor.ExecutorSurvey.Answer;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.spark.ExecutorStartupStatus;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.spark.SparkSessions;

/** Examines the driver and every executor. */
public final class Doctor {
  static final String DRIVER = "driver";

  private final SparkSession spark;
  private final Configuration files = new Configuration();
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Starts Spark and examines all of it; within a minute or two even where nothing answers.
   *
   * @param output the directory that runs would be kept in, on any Hadoop file system; made where
   *     it is missing
   */
  public static List<Finding> examine(String output) {
    List<Finding> before = withoutSpark();
    if (before.stream().anyMatch(Finding::isFailure)) {
      return before;
    }
    SparkSession spark;
    try {
      spark = SparkSessions.start("spark-vae doctor");
    } catch (Exception e) {
      return List.of(notStarted(e));
    }
    try (spark) {
      if (spark.sparkContext().isStopped()) {
        return List.of(
            notStarted(new IllegalStateException("the cluster's master does not answer")));
      }
      return examine(spark, output);
    } catch (Exception e) {
      // Scala throws Spark's checked exceptions without declaring them.
      throw SparkErrors.explained(e);
    }
  }

  /** What has to be right for Spark to start. */
  private static List<Finding> withoutSpark() {
    SparkSessions.chooseBackend(new SparkConf());
    return List.of(
        VersionInfo.java(DRIVER, VersionInfo.ofThisProcess()),
        JvmFlags.opens(DRIVER, JvmFlags.ofThisProcess()),
        MemoryLimits.check(DRIVER, MemoryLimits.ofThisProcess()));
  }

  static Finding notStarted(Exception fault) {
    String what =
        "does not start: " + String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
    return fault instanceof IllegalArgumentException
        ? Finding.wrongSetting(
            DRIVER,
            "Spark",
            what,
            "mend that setting, in spark-defaults.conf or in SPARK_ variables")
        : Finding.outside(
            DRIVER,
            "Spark",
            what,
            "see that the cluster runs, that --master names it, and that this host has the address"
                + " in spark.driver.host");
  }

  static List<Finding> examine(SparkSession spark, String output) {
    Doctor doctor = new Doctor(spark);
    try {
      doctor.examineAll(output);
    } catch (IOException e) {
      throw new TransientException("the driver's network: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted", e);
    }
    return doctor.findings;
  }

  private void examineAll(String directory) throws IOException, InterruptedException {
    SparkConf configuration = spark.sparkContext().getConf();
    NetworkInfo network = NetworkInfo.ofDriver(configuration.get("spark.driver.host"));
    ProcessInfo driver = ProcessInfo.ofThisProcess(network, MemoryLimits.ofThisProcess());
    findings.addAll(ProcessInfo.check(DRIVER, driver, driver.versions()));
    findings.addAll(SparkSettingsCheck.check(configuration));
    Optional<SharedOutputCheck> output = written(directory);
    try {
      if (spark.sparkContext().isLocal()) {
        // The driver is the executor.
        echoToItself(network);
      } else {
        examineExecutors(driver, output);
      }
    } finally {
      output.ifPresent(each -> each.removeByDriver(files));
    }
  }

  private Optional<SharedOutputCheck> written(String directory) {
    SharedOutputCheck output;
    try {
      output = SharedOutputCheck.in(directory, files);
    } catch (SparkVaeException e) {
      findings.add(
          SharedOutputCheck.check(DRIVER, directory, Optional.of(SharedOutputCheck.fault(e))));
      return Optional.empty();
    }
    Optional<SharedOutputCheck.Fault> fault = output.writtenByDriver(files);
    findings.add(SharedOutputCheck.check(DRIVER, output.directory(), fault));
    return fault.isEmpty() ? Optional.of(output) : Optional.empty();
  }

  private void echoToItself(NetworkInfo network) throws IOException {
    if (network.isKnown()) {
      try (UdpEchoServer echo = new UdpEchoServer(network.address())) {
        int returned = UdpEchoServer.returned(network.address(), network.address(), echo.port());
        findings.add(UdpEchoServer.check(DRIVER, "to itself", returned));
      }
    }
  }

  private void examineExecutors(ProcessInfo driver, Optional<SharedOutputCheck> output)
      throws IOException, InterruptedException {
    ExecutorSurvey each = new ExecutorSurvey(spark.sparkContext());
    String mask = driver.network().mask();
    SharedOutputCheck found = output.orElse(null);
    List<Answer<ExecutorProbe.Report>> reports =
        each.ask(() -> ExecutorProbe.lookAround(mask, found));
    Optional<String> unfit = ExecutorStartupStatus.fault();
    if (unfit.isPresent()) {
      findings.add(
          Finding.wrongSetting(
              "executors", "GPU", unfit.get(), "docs/gpu.md says which settings and cards"));
      return;
    }
    findings.add(registered(each.endpoints()));
    if (each.endpoints().isEmpty()) {
      return;
    }
    Map<String, Integer> fromDriver = returnedFrom(driver.network(), reports);
    Map<String, Integer> toDriver = returnedTo(driver.network(), each);
    for (Answer<ExecutorProbe.Report> report : reports) {
      String where = report.where();
      if (report.value() == null) {
        findings.add(unexamined(where, report.fault()));
        continue;
      }
      findings.addAll(ProcessInfo.check(where, report.value().facts(), driver.versions()));
      if (report.value().echoPort() != 0) {
        findings.add(
            UdpEchoServer.check(
                where, "from driver", fromDriver.getOrDefault(report.endpoint(), 0)));
        findings.add(
            UdpEchoServer.check(where, "to driver", toDriver.getOrDefault(report.endpoint(), 0)));
      }
      output.ifPresent(
          file ->
              findings.add(
                  SharedOutputCheck.check(
                      where, file.directory(), Optional.ofNullable(report.value().outputFault()))));
    }
    Set<String> heard = reports.stream().map(Answer::endpoint).collect(Collectors.toSet());
    for (String endpoint : each.endpoints()) {
      if (!heard.contains(endpoint)) {
        findings.add(
            unexamined(
                "executor at " + endpoint,
                "no answer in %d s".formatted(ExecutorSurvey.TO_ANSWER.toSeconds())));
      }
    }
  }

  /** Whether any came; only a person knows how many there should be. */
  static Finding registered(Set<String> executors) {
    String check = "executors";
    return executors.isEmpty()
        ? Finding.outside(
            DRIVER,
            check,
            "none came in %d s".formatted(ExecutorGroup.REGISTRATION.toSeconds()),
            "see that the cluster has free cores and as much memory as spark.executor.memory, and"
                + " that executors reach spark.driver.host")
        : Finding.ok(
            DRIVER,
            check,
            "%d: %s".formatted(executors.size(), String.join(", ", new TreeSet<>(executors))));
  }

  private static Finding unexamined(String where, String fault) {
    return Finding.outside(
        where, "answer", fault, "look into its log and its machine, or leave that worker out");
  }

  private static Map<String, Integer> returnedFrom(
      NetworkInfo driver, List<Answer<ExecutorProbe.Report>> reports) {
    return reports.parallelStream()
        .filter(each -> each.value() != null && each.value().echoPort() != 0)
        .collect(
            Collectors.toMap(
                Answer::endpoint,
                each ->
                    UdpEchoServer.returned(
                        driver.address(),
                        each.value().facts().network().address(),
                        each.value().echoPort())));
  }

  private static Map<String, Integer> returnedTo(NetworkInfo driver, ExecutorSurvey executors)
      throws IOException, InterruptedException {
    if (!driver.isKnown()) {
      return Map.of();
    }
    try (UdpEchoServer echo = new UdpEchoServer(driver.address())) {
      String mask = driver.mask();
      String address = driver.address();
      int port = echo.port();
      return executors.ask(() -> ExecutorProbe.datagramsFromDriver(mask, address, port)).stream()
          .filter(each -> each.value() != null)
          .collect(Collectors.toMap(Answer::endpoint, Answer::value));
    }
  }
}
