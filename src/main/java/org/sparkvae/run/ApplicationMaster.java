package org.sparkvae.run;

import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkUserAppException;

/** YARN's application master, whose process the driver shares in cluster mode. */
public final class ApplicationMaster {
  private ApplicationMaster() {}

  /** Returns whether this process is the application master. */
  public static boolean isThisProcess() {
    return "yarn".equals(System.getProperty("spark.master"))
        && "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /**
   * Reports a command's exit code to the application master, which then ends the process. The
   * application master receives a code other than 0 as an exception of the main method.
   */
  public static void report(int exitCode) {
    if (exitCode != 0) {
      ExceptionUtils.rethrow(new SparkUserAppException(exitCode));
    }
  }
}
