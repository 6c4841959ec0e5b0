package org.sparkvae.model.cpu;

import java.util.regex.Pattern;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.sparkvae.config.Precision;

/**
 * The parts of oneDNN that all of its operations share. An operation runs on the calling thread
 * only, if {@link KernelThreadPool#useOneOpenMpThread} was called on the thread that created the
 * operation and on the calling thread.
 */
public final class OneDnn {
  static final engine CPU = new engine(engine.kind.cpu, 0);

  private static final Pattern BFLOAT16_INSTRUCTIONS =
      Pattern.compile("avx512_core_(bf16|fp16|amx|amx_fp16)");

  private OneDnn() {}

  /**
   * Returns the instruction set for which oneDNN generates code in this process, such as {@code
   * avx512_core_bf16}.
   */
  public static String instructionSet() {
    return dnnl.get_effective_cpu_isa().intern().name();
  }

  /**
   * Returns the given precision, or single precision if this processor has no instructions for
   * products in the given one. Without them, products in bfloat16 would be slower.
   */
  public static Precision supported(Precision precision) {
    return BFLOAT16_INSTRUCTIONS.matcher(instructionSet()).matches()
        ? precision
        : Precision.FLOAT32;
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

  /** Returns oneDNN's name of a number format. */
  static memory.data_type dataType(Precision precision) {
    return precision == Precision.BFLOAT16 ? memory.data_type.bf16 : memory.data_type.f32;
  }

  /** Returns the number of bytes of a number. */
  static int bytes(Precision precision) {
    return precision == Precision.BFLOAT16 ? Short.BYTES : Float.BYTES;
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
