package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What a process finds of itself and its machine. */
record ProcessInfo(
    VersionInfo versions,
    NativeLibraryInfo library,
    JvmFlags flags,
    NetworkInfo network,
    SharedMemoryInfo sharedMemory,
    MemoryLimits memory,
    GpuAssignment gpus)
    implements Serializable {
  /** Looks around; takes a second or two where nd4j is not loaded yet. */
  static ProcessInfo ofThisProcess(NetworkInfo network, MemoryLimits memory) {
    return new ProcessInfo(
        VersionInfo.ofThisProcess(),
        NativeLibraryInfo.ofThisProcess(),
        JvmFlags.ofThisProcess(),
        network,
        SharedMemoryInfo.ofThisProcess(),
        memory,
        GpuAssignment.ofThisProcess());
  }

  /** Judges all of it. */
  static List<Finding> check(String where, ProcessInfo facts, VersionInfo driver) {
    List<Finding> findings = new ArrayList<>();
    findings.add(VersionInfo.java(where, facts.versions));
    findings.addAll(VersionInfo.libraries(where, facts.versions, driver));
    findings.add(NativeLibraryInfo.check(where, facts.library));
    findings.addAll(JvmFlags.check(where, facts.flags));
    findings.add(NetworkInfo.check(where, facts.network));
    findings.add(SharedMemoryInfo.check(where, facts.sharedMemory));
    findings.add(MemoryLimits.check(where, facts.memory));
    findings.add(GpuAssignment.check(where, facts.gpus));
    return findings;
  }
}
