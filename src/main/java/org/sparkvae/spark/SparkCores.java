package org.sparkvae.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** How many cores Spark has given this process. */
final class SparkCores {
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)[^]]*])?");

  /** Every cluster manager starts an executor with this option. */
  private static final Pattern EXECUTOR = Pattern.compile("--cores (\\d+)");

  private SparkCores() {}

  /** Those of the driver in local mode, or of an executor; the machine's where nothing says. */
  static int ofThisProcess(SparkConf configuration) {
    return of(
        configuration.get("spark.master", ""),
        System.getProperty("sun.java.command", ""),
        Runtime.getRuntime().availableProcessors());
  }

  /** Those of the driver: in cluster mode what it was given, else the machine's. */
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
      // Plain "local" is one thread.
      return threads == null ? 1 : threads.equals("*") ? processors : Integer.parseInt(threads);
    }
    Matcher executor = EXECUTOR.matcher(commandLine);
    return executor.find() ? Integer.parseInt(executor.group(1)) : processors;
  }
}
