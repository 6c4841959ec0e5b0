package org.sparkvae.model;

import org.nd4j.linalg.cpu.nativecpu.CpuBackend;

/**
 * nd4j's CPU backend with a higher priority than CUDA's if the process is restricted to the CPU.
 * nd4j finds it as a service. Without it, only an environment variable could select the CPU backend
 * of a build that includes CUDA.
 */
public final class PreferredCpuBackend extends CpuBackend {
  static {
    // nd4j loads its native library afterwards, also in programs that did not select one.
    NativeBackend.select();
  }

  @Override
  public int getPriority() {
    return NativeBackend.hasCuda() && !NativeBackend.computesOnGpu()
        ? BACKEND_PRIORITY_GPU + 1
        : BACKEND_PRIORITY_CPU - 1;
  }
}
