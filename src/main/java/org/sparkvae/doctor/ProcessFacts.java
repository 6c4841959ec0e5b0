package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What a process finds of itself and its machine. */
record ProcessFacts(
    Versions versions,
    NativeLibrary library,
    JvmFlags flags,
    Network network,
    SharedMemory sharedMemory,
    Memory memory,
    Gpus gpus)
    implements Serializable {
  /** Looks around; takes a second or two where nd4j is not loaded yet. */
  static ProcessFacts ofThisProcess(Network network, Memory memory) {
    return new ProcessFacts(
        Versions.ofThisProcess(),
        NativeLibrary.ofThisProcess(),
        JvmFlags.ofThisProcess(),
        network,
        SharedMemory.ofThisProcess(),
        memory,
        Gpus.ofThisProcess());
  }

  /** Judges all of it. */
  static List<Finding> check(String where, ProcessFacts facts, Versions driver) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Versions.java(where, facts.versions));
    findings.addAll(Versions.libraries(where, facts.versions, driver));
    findings.add(NativeLibrary.check(where, facts.library));
    findings.addAll(JvmFlags.check(where, facts.flags));
    findings.add(Network.check(where, facts.network));
    findings.add(SharedMemory.check(where, facts.sharedMemory));
    findings.add(Memory.check(where, facts.memory));
    findings.add(Gpus.check(where, facts.gpus));
    return findings;
  }
}
