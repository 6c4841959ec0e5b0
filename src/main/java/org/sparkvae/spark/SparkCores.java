package org.sparkvae.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** The number of cores that Spark assigned to this process. */
final class SparkCores {
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)[^]]*])?");

  /** The option with which every cluster manager starts an executor. */
  private static final Pattern EXECUTOR = Pattern.compile("--cores (\\d+)");

  private SparkCores() {}

  /**
   * Returns the cores of the driver in local mode or of an executor. Returns the cores of the
   * machine if Spark does not specify them.
   */
  static int ofThisProcess(SparkConf configuration) {
    return of(
        configuration.get("spark.master", ""),
        System.getProperty("sun.java.command", ""),
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the cores of the driver. In cluster mode Spark assigns them. In client mode the driver
   * uses the cores of the machine.
   */
  static int ofDriver(SparkConf configuration) {
    boolean isInCluster = configuration.get("spark.submit.deployMode", "").equals("cluster");
    return isInCluster
        ? configuration.getInt("spark.driver.cores", 1)
        : ofThisProcess(configuration);
  }

  static int of(String master, String commandLine, int processors) {
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      String threads = local.group(1);
      // Plain "local" means one thread.
      return threads == null ? 1 : threads.equals("*") ? processors : Integer.parseInt(threads);
    }
    Matcher executor = EXECUTOR.matcher(commandLine);
    return executor.find() ? Integer.parseInt(executor.group(1)) : processors;
  }
}
