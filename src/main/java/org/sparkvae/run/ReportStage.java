package org.sparkvae.run;

import org.apache.spark.sql.SparkSession;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.report.page.ComparePage;
import org.sparkvae.report.page.RunPage;

/** The stage that writes a run's report, or a report that compares two runs. */
final class ReportStage {
  private ReportStage() {}

  /**
   * Requires all outputs that the report shows.
   *
   * @throws ConfigurationException if one is missing
   */
  static void requireInputs(Run run) {
    ReconstructStage.requireReconstructions(run);
    run.requireOutput(Run.HISTORY, "train");
    run.requireOutput(Run.FIGURES, "figures");
    run.requireOutput(Run.EVALUATION, "evaluate");
  }

  /** Writes {@code report.html} and replaces an existing one. */
  static void report(Run run, SparkSession spark) {
    write(run, Run.REPORT, RunPage.html(RunSummaryReader.read(run, spark)));
    run.markReportUpToDate();
  }

  /**
   * Writes {@code compare-<other>.html} to the directory of {@code run}, which is shown as run A.
   */
  static void compare(Run run, Run other, SparkSession spark) {
    write(
        run,
        "compare-%s.html".formatted(other.id()),
        ComparePage.html(RunSummaryReader.read(run, spark), RunSummaryReader.read(other, spark)));
  }

  private static void write(Run run, String name, String page) {
    run.directory().writeText(name, page);
    run.reporter().info("report: " + run.directory().path(name));
  }
}
