package org.sparkvae.cli;

import picocli.CommandLine.Option;

/** The parts that all commands share: help, the console, and the command line for provenance. */
abstract class BaseCommand implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = Integer.MAX_VALUE,
      description = "Show this help.")
  boolean help;

  ConsoleReporter reporter;

  /** The command line as provenance records it, such as {@code sparkvae run --epochs 1}. */
  String commandLine;
}
