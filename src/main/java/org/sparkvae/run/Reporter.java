package org.sparkvae.run;

import org.sparkvae.training.TrainingProgress;

/** What a run has to say to the one who started it. */
public interface Reporter extends TrainingProgress {
  /** One line. */
  void say(String line);

  /** One line about something odd that did not stop the run. */
  void warn(String line);

  /** Something of so many images begins, and what was started before is over. */
  void started(String what, long images);

  /** So many more images are done. */
  void advanced(long images);

  /** What was started last is over. */
  void finished();
}
