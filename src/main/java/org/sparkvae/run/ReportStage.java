package org.sparkvae.run;

import org.apache.spark.sql.SparkSession;
import org.sparkvae.report.page.ComparePage;
import org.sparkvae.report.page.RunPage;

/** Writes a run's page, or that of two runs side by side. */
final class ReportStage {
  private ReportStage() {}

  /** Makes sure that a run has all that its page shows. */
  static void require(Run run) {
    ReconstructStage.require(run);
    run.require(Run.HISTORY, "train");
    run.require(Run.FIGURES, "sample");
    run.require(Run.EVALUATION, "evaluate");
  }

  /** Writes {@code report.html}, anew where it is there. */
  static void report(Run run, SparkSession spark) {
    write(run, Run.REPORT, RunPage.html(RunSummaryReader.read(run, spark)));
  }

  /** Writes {@code compare-<other>.html} into the directory of {@code run}, which is its A. */
  static void compare(Run run, Run other, SparkSession spark) {
    write(
        run,
        "compare-%s.html".formatted(other.id()),
        ComparePage.html(RunSummaryReader.read(run, spark), RunSummaryReader.read(other, spark)));
  }

  private static void write(Run run, String name, String page) {
    run.directory().writeText(name, page);
    run.reporter().say("report: " + run.directory().path(name));
  }
}
