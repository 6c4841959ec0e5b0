package org.sparkvae.run;

import org.sparkvae.training.TrainingProgress;

/** Output of a run for the user: messages and progress. */
public interface Reporter extends TrainingProgress {
  /** Prints one line. */
  void info(String line);

  /** Prints a one-line warning about a problem that does not stop the run. */
  void warn(String line);

  /**
   * Starts the progress display of a task and ends that of the previous one.
   *
   * @param task short description of the task
   * @param images total number of images to process
   */
  void progressStarted(String task, long images);

  /** Adds processed images to the current progress display. */
  void progressAdvanced(long images);

  /** Ends the current progress display. */
  void progressFinished();
}
