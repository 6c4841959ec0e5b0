package org.sparkvae.run;

import org.sparkvae.spark.DriverMessages;
import org.sparkvae.spark.ImagesDone;
import org.sparkvae.spark.JobDescription;

/** Shows how far the tasks of a Spark job are that goes through images. */
final class ImageProgress {
  private ImageProgress() {}

  static void show(Reporter reporter, String what, long images, Runnable job) {
    reporter.started(what, images);
    try {
      DriverMessages.listenDuring(
          () -> JobDescription.during(what, job),
          message -> {
            if (message instanceof ImagesDone done) {
              reporter.advanced(done.images());
            }
          });
    } finally {
      reporter.finished();
    }
  }
}
