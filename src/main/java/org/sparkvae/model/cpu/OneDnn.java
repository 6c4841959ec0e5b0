package org.sparkvae.model.cpu;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/**
 * The parts of oneDNN that all of its operations share. An operation runs on the calling thread
 * only, if {@link KernelThreadPool#useOneOpenMpThread} was called on the thread that created the
 * operation and on the calling thread.
 */
public final class OneDnn {
  static final engine CPU = new engine(engine.kind.cpu, 0);

  private OneDnn() {}

  /**
   * Returns the instruction set for which oneDNN generates code in this process, such as {@code
   * avx512_core_bf16}.
   */
  public static String instructionSet() {
    return dnnl.get_effective_cpu_isa().intern().name();
  }

  /** Returns attributes of an operation that {@link OneDnnOperation} runs. */
  static primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    // Otherwise threads would share the memory for intermediate results.
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    return attributes;
  }

  /** Returns a stream of operations. On a CPU, an operation has ended when its call returns. */
  static stream newStream() {
    return new stream(CPU);
  }

  /** Returns a descriptor of floats with the given distances between neighbors. */
  static memory.desc descriptor(long[] sizes, long... strides) {
    return new memory.desc(sizes, memory.data_type.f32, strides);
  }

  /** Returns an argument whose address is set before each call. */
  static memory argument(memory.desc descriptor) {
    return new memory(descriptor, CPU, (Pointer) null);
  }
}
