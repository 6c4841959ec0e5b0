package org.sparkvae.run;

import java.util.ArrayList;
import java.util.List;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.MinibatchLoss;

/** A reporter that records messages and started tasks. */
final class RecordingReporter implements Reporter {
  final List<String> lines = new ArrayList<>();

  @Override
  public void info(String line) {
    lines.add(line);
  }

  @Override
  public void warn(String line) {
    lines.add("warning: " + line);
  }

  @Override
  public void progressStarted(String task, long images) {
    lines.add("started " + task);
  }

  @Override
  public void progressAdvanced(long images) {}

  @Override
  public void progressFinished() {}

  @Override
  public void epochStarted(int epoch, int epochs, int images) {}

  @Override
  public void minibatchTrained(MinibatchLoss loss) {}

  @Override
  public void epochFinished(EpochRecord record, int epochs) {}
}
