package org.sparkvae.run;

import java.util.ArrayList;
import java.util.List;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.MinibatchLoss;

/** Keeps what it is told. */
final class RecordingReporter implements Reporter {
  final List<String> lines = new ArrayList<>();

  @Override
  public void say(String line) {
    lines.add(line);
  }

  @Override
  public void warn(String line) {
    lines.add("warning: " + line);
  }

  @Override
  public void started(String what, long steps) {
    lines.add("started " + what);
  }

  @Override
  public void advanced(long steps) {}

  @Override
  public void finished() {}

  @Override
  public void epochStarted(int epoch, int epochs, int images) {}

  @Override
  public void minibatch(MinibatchLoss loss) {}

  @Override
  public void epochDone(EpochRecord record, int epochs) {}
}
