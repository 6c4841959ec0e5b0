package org.sparkvae.run;

import org.sparkvae.spark.JobDescription;
import org.sparkvae.spark.ProgressMessage;
import org.sparkvae.spark.SparkVaePlugin;

/** Shows how far the tasks of a Spark job are that goes through images. */
final class ImageProgress {
  private ImageProgress() {}

  static void show(Reporter reporter, String what, long images, Runnable job) {
    reporter.started(what, images);
    try {
      SparkVaePlugin.listenDuring(
          () -> JobDescription.during(what, job),
          message -> {
            if (message instanceof ProgressMessage done) {
              reporter.advanced(done.images());
            }
          });
    } finally {
      reporter.finished();
    }
  }
}
