package org.sparkvae.run;

import org.sparkvae.reconstruction.Reconstructor;
import org.sparkvae.spark.DriverMessages;

/** Shows how far the tasks of a Spark job are that decodes images. */
final class Decoding {
  private Decoding() {}

  static void show(Reporter reporter, String what, long images, Runnable job) {
    reporter.started(what, images);
    try {
      DriverMessages.listenDuring(
          job,
          message -> {
            if (message instanceof Reconstructor.Progress progress) {
              reporter.advanced(progress.images());
            }
          });
    } finally {
      reporter.finished();
    }
  }
}
