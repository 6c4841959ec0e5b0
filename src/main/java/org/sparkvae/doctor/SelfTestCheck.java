package org.sparkvae.doctor;

import org.sparkvae.selftest.SelfTest.Outcome;

/** The check of a process's self-test. */
final class SelfTestCheck {
  private SelfTestCheck() {}

  static Finding check(String process, Outcome outcome) {
    Check check = new Check(process, "self-test");
    if (outcome.isError()) {
      return check.wrongSetting(
          outcome.toString(),
          "Correct the failures in the other rows of this process, or exclude its host.");
    }
    return outcome.isFailure()
        ? check.wrongSetting(
            outcome.toString(),
            "Results of this process would be wrong. Exclude its host, and see docs/guide/doctor.md.")
        : check.ok("largest difference: " + outcome);
  }
}
