package org.sparkvae.report.page;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.sparkvae.config.Settings;

/** The training speed of a run, with the trainer and the machine. */
final class TrainingSpeed {
  private TrainingSpeed() {}

  static List<NameValue> of(RunSummary run) {
    Settings settings = run.settings();
    double seconds = run.epochs().stream().mapToDouble(EpochSummary::seconds).sum();
    long images = run.epochs().stream().mapToLong(EpochSummary::images).sum();
    DoubleSummaryStatistics perSecond =
        run.epochs().stream().mapToDouble(EpochSummary::imagesPerSecond).summaryStatistics();
    return List.of(
        new NameValue("images per second", NumberFormatter.whole(images / seconds)),
        new NameValue(
            "images per second, slowest and fastest epoch",
            "%s and %s"
                .formatted(
                    NumberFormatter.whole(perSecond.getMin()),
                    NumberFormatter.whole(perSecond.getMax()))),
        new NameValue(
            "mean time per epoch", NumberFormatter.duration(seconds / run.epochs().size())),
        new NameValue(
            "total training time",
            "%s for %s of %,d images"
                .formatted(
                    NumberFormatter.duration(seconds),
                    ReportText.epochs(run.epochs().size()),
                    run.epochs().get(0).images())),
        new NameValue("trainer", settings.trainer().toString()),
        new NameValue(
            "workers", settings.workers() == 0 ? "all available" : "" + settings.workers()),
        new NameValue("machine", run.machine()));
  }
}
