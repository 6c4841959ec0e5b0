package org.sparkvae.doctor;

import java.io.Serializable;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.model.CudaEnvironment;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.selftest.SelfTest;
import org.sparkvae.selftest.SelfTest.Outcome;

/**
 * The result of a process's self-test.
 *
 * @param outcome null if the test failed with an exception
 * @param fault the exception, otherwise empty
 */
record SelfTestInfo(Outcome outcome, String fault) implements Serializable {
  static SelfTestInfo ofThisProcess() {
    try {
      if (NativeBackend.computesOnGpu()) {
        CudaEnvironment.requireDevice();
      }
      return new SelfTestInfo(SelfTest.ofModel1().run(), "");
    } catch (Exception | LinkageError e) {
      return new SelfTestInfo(null, ErrorText.firstLine(ExceptionUtils.getRootCause(e).toString()));
    }
  }

  static Finding check(String process, SelfTestInfo test) {
    Check check = new Check(process, "self-test");
    if (test.outcome == null) {
      return check.wrongSetting(
          "cannot be computed: " + test.fault,
          "Correct the failures in the other rows of this process, or exclude its host.");
    }
    return test.outcome.isFailure()
        ? check.wrongSetting(
            test.outcome.toString(),
            "Results of this process would be wrong. Exclude its host, and see docs/guide/doctor.md.")
        : check.ok("largest difference: " + test.outcome);
  }
}
