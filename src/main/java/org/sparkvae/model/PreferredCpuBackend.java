package org.sparkvae.model;

import org.nd4j.linalg.cpu.nativecpu.CpuBackend;

/**
 * nd4j's own backend for the CPU, which a driver takes before CUDA's where the build has both; nd4j
 * finds it as a service and would else leave the choice to an environment variable.
 */
public final class PreferredCpuBackend extends CpuBackend {
  @Override
  public int getPriority() {
    return NativeBackend.hasCuda() && !NativeBackend.computesOnGpu()
        ? BACKEND_PRIORITY_GPU + 1
        : BACKEND_PRIORITY_CPU - 1;
  }
}
