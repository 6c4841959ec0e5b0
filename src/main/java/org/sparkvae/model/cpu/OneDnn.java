package org.sparkvae.model.cpu;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/**
 * What all of oneDNN's operations need. An operation runs on the thread that calls it, if {@link
 * KernelThreadPool#useOneOpenMpThread} was called on the thread that created it and on this one.
 */
public final class OneDnn {
  static final engine CPU = new engine(engine.kind.cpu, 0);

  private static final Pointer UNSET = null;

  private OneDnn() {}

  /**
   * Returns the instruction set for which oneDNN generates code in this process, such as {@code
   * avx512_core_bf16}.
   */
  public static String instructionSet() {
    return dnnl.get_effective_cpu_isa().intern().name();
  }

  /** Returns a queue of operations. On a CPU, an operation has ended when its call returns. */
  static stream queue() {
    return new stream(CPU);
  }

  /** Returns a layout with the given distances between neighbors in each dimension. */
  static memory.desc layout(long[] sizes, long... strides) {
    return new memory.desc(sizes, memory.data_type.f32, strides);
  }

  /** Returns an argument whose address is set before each call. */
  static memory argument(memory.desc layout) {
    return new memory(layout, CPU, UNSET);
  }
}
