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

  private ConsoleReporter reporter;
  private String commandLine;

  final void attach(ConsoleReporter reporter, String commandLine) {
    this.reporter = reporter;
    this.commandLine = commandLine;
  }

  final ConsoleReporter reporter() {
    return reporter;
  }

  /** Returns the command line as provenance records it, such as {@code sparkvae run --epochs 1}. */
  final String commandLine() {
    return commandLine;
  }
}
