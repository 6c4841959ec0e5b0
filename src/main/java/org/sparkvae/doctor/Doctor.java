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
import org.sparkvae.doctor.EachExecutor.Answer;
import org.sparkvae.failure.Failure;
import org.sparkvae.failure.OutsideFailure;
import org.sparkvae.spark.ExecutorFitness;
import org.sparkvae.spark.Executors;
import org.sparkvae.spark.Session;
import org.sparkvae.spark.SparkFaults;

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
      spark = Session.start("spark-vae doctor");
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
      throw SparkFaults.explained(e);
    }
  }

  /** What has to be right for Spark to start. */
  private static List<Finding> withoutSpark() {
    Session.chooseBackend(new SparkConf());
    return List.of(
        Versions.java(DRIVER, Versions.ofThisProcess()),
        JvmFlags.opens(DRIVER, JvmFlags.ofThisProcess()),
        Memory.check(DRIVER, Memory.ofThisProcess()));
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
      throw new OutsideFailure("the driver's network: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutsideFailure("interrupted", e);
    }
    return doctor.findings;
  }

  private void examineAll(String directory) throws IOException, InterruptedException {
    SparkConf configuration = spark.sparkContext().getConf();
    Network network = Network.ofDriver(configuration.get("spark.driver.host"));
    ProcessFacts driver = ProcessFacts.ofThisProcess(network, Memory.ofThisProcess());
    findings.addAll(ProcessFacts.check(DRIVER, driver, driver.versions()));
    findings.addAll(SparkSettings.check(configuration));
    Optional<Output> output = written(directory);
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

  private Optional<Output> written(String directory) {
    Output output;
    try {
      output = Output.in(directory, files);
    } catch (Failure e) {
      findings.add(Output.check(DRIVER, directory, Optional.of(Output.fault(e))));
      return Optional.empty();
    }
    Optional<Output.Fault> fault = output.writtenByDriver(files);
    findings.add(Output.check(DRIVER, output.directory(), fault));
    return fault.isEmpty() ? Optional.of(output) : Optional.empty();
  }

  private void echoToItself(Network network) throws IOException {
    if (network.isKnown()) {
      try (UdpEcho echo = new UdpEcho(network.address())) {
        int returned = UdpEcho.returned(network.address(), network.address(), echo.port());
        findings.add(UdpEcho.check(DRIVER, "to itself", returned));
      }
    }
  }

  private void examineExecutors(ProcessFacts driver, Optional<Output> output)
      throws IOException, InterruptedException {
    EachExecutor each = new EachExecutor(spark.sparkContext());
    String mask = driver.network().mask();
    Output found = output.orElse(null);
    List<Answer<ExecutorProbe.Report>> reports =
        each.ask(() -> ExecutorProbe.lookAround(mask, found));
    Optional<String> unfit = ExecutorFitness.fault();
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
      findings.addAll(ProcessFacts.check(where, report.value().facts(), driver.versions()));
      if (report.value().echoPort() != 0) {
        findings.add(
            UdpEcho.check(where, "from driver", fromDriver.getOrDefault(report.endpoint(), 0)));
        findings.add(
            UdpEcho.check(where, "to driver", toDriver.getOrDefault(report.endpoint(), 0)));
      }
      output.ifPresent(
          file ->
              findings.add(
                  Output.check(
                      where, file.directory(), Optional.ofNullable(report.value().outputFault()))));
    }
    Set<String> heard = reports.stream().map(Answer::endpoint).collect(Collectors.toSet());
    for (String endpoint : each.endpoints()) {
      if (!heard.contains(endpoint)) {
        findings.add(
            unexamined(
                "executor at " + endpoint,
                "no answer in %d s".formatted(EachExecutor.TO_ANSWER.toSeconds())));
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
            "none came in %d s".formatted(Executors.REGISTRATION.toSeconds()),
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
      Network driver, List<Answer<ExecutorProbe.Report>> reports) {
    return reports.parallelStream()
        .filter(each -> each.value() != null && each.value().echoPort() != 0)
        .collect(
            Collectors.toMap(
                Answer::endpoint,
                each ->
                    UdpEcho.returned(
                        driver.address(),
                        each.value().facts().network().address(),
                        each.value().echoPort())));
  }

  private static Map<String, Integer> returnedTo(Network driver, EachExecutor executors)
      throws IOException, InterruptedException {
    if (!driver.isKnown()) {
      return Map.of();
    }
    try (UdpEcho echo = new UdpEcho(driver.address())) {
      String mask = driver.mask();
      String address = driver.address();
      int port = echo.port();
      return executors.ask(() -> ExecutorProbe.datagramsFromDriver(mask, address, port)).stream()
          .filter(each -> each.value() != null)
          .collect(Collectors.toMap(Answer::endpoint, Answer::value));
    }
  }
}
