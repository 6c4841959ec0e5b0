package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.sparkvae.selftest.SelfTest;
import org.sparkvae.selftest.SelfTest.Outcome;

/** The facts about a process and its host that the checks need. */
record ProcessInfo(
    VersionInfo versions,
    NativeLibraryInfo library,
    Outcome selfTest,
    JvmFlags flags,
    NetworkInfo network,
    SharedMemoryInfo sharedMemory,
    MemoryLimits memory,
    ProcessLimits limits,
    List<TemporaryDirectory> temporaryDirectories,
    GpuAssignment gpus)
    implements Serializable {
  /** Collects the facts about this process. Takes a few seconds, mostly for the self-test. */
  static ProcessInfo ofThisProcess(NetworkInfo network, MemoryLimits memory) {
    return new ProcessInfo(
        VersionInfo.ofThisProcess(),
        NativeLibraryInfo.ofThisProcess(),
        SelfTest.ofModel1().run(),
        JvmFlags.ofThisProcess(),
        network,
        SharedMemoryInfo.ofThisProcess(),
        memory,
        ProcessLimits.ofThisProcess(),
        TemporaryDirectory.ofThisProcess(),
        GpuAssignment.ofThisProcess());
  }

  /** Runs the checks that concern only this process. */
  static List<Finding> check(String process, ProcessInfo info, VersionInfo driver) {
    List<Finding> findings = new ArrayList<>();
    findings.add(VersionInfo.checkJava(process, info.versions));
    findings.addAll(VersionInfo.checkLibraries(process, info.versions, driver));
    findings.add(NativeLibraryInfo.check(process, info.library));
    findings.add(SelfTestCheck.check(process, info.selfTest));
    findings.addAll(JvmFlags.check(process, info.flags));
    findings.add(NetworkInfo.check(process, info.network));
    findings.add(MemoryLimits.check(process, info.memory));
    findings.add(ProcessLimits.check(process, info.limits));
    findings.addAll(TemporaryDirectory.check(process, info.temporaryDirectories));
    findings.add(GpuAssignment.check(process, info.gpus));
    return findings;
  }
}
