package org.sparkvae.report.page;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.sparkvae.config.Settings;

/** How fast a run was trained, and on what. */
final class Speed {
  private Speed() {}

  static List<Fact> of(RunFacts run) {
    Settings settings = run.settings();
    double seconds = run.epochs().stream().mapToDouble(Epoch::seconds).sum();
    long images = run.epochs().stream().mapToLong(Epoch::images).sum();
    DoubleSummaryStatistics perSecond =
        run.epochs().stream().mapToDouble(Epoch::imagesPerSecond).summaryStatistics();
    return List.of(
        new Fact("images per second", Numbers.whole(images / seconds)),
        new Fact(
            "in the slowest and the fastest epoch",
            "%s and %s"
                .formatted(Numbers.whole(perSecond.getMin()), Numbers.whole(perSecond.getMax()))),
        new Fact("an epoch", Numbers.duration(seconds / run.epochs().size())),
        new Fact(
            "training",
            "%s for %s of %,d images"
                .formatted(
                    Numbers.duration(seconds),
                    Words.epochs(run.epochs().size()),
                    run.epochs().get(0).images())),
        new Fact("trainer", settings.trainer().toString()),
        new Fact("workers", settings.workers() == 0 ? "all there were" : "" + settings.workers()),
        new Fact("machine", run.machine()));
  }
}
