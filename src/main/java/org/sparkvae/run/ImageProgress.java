package org.sparkvae.run;

import org.sparkvae.spark.JobDescription;
import org.sparkvae.spark.ProgressMessage;
import org.sparkvae.spark.SparkVaePlugin;

/** Progress of a Spark job that processes images, reported by its tasks. */
final class ImageProgress {
  private ImageProgress() {}

  /**
   * Runs a Spark job and reports its progress.
   *
   * @param task short description for the progress display and for Spark's web UI
   * @param imageCount total number of images to process
   */
  static void run(Reporter reporter, String task, long imageCount, Runnable job) {
    reporter.progressStarted(task, imageCount);
    try {
      SparkVaePlugin.runWithListener(
          () -> JobDescription.runWith(task, job),
          message -> {
            if (message instanceof ProgressMessage progress) {
              reporter.progressAdvanced(progress.images());
            }
          });
    } finally {
      reporter.progressFinished();
    }
  }
}
