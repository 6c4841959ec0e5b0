package org.sparkvae.model.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;

/** An operation of oneDNN on memory that changes with each call. Several threads can call it. */
final class OneDnnOperation {
  private final primitive operation;
  private final memory.desc scratchpad;
  private final List<Parameter> parameters;
  private final ObjectPool<Arguments> arguments = new ObjectPool<>(Arguments::new);

  /**
   * A parameter.
   *
   * @param name oneDNN's number of the parameter, such as {@code DNNL_ARG_SRC}
   * @param descriptor the size and layout of its values
   */
  record Parameter(int name, memory.desc descriptor) {}

  /**
   * Creates an operation.
   *
   * @param scratchpad descriptor of the memory for intermediate results, which every thread has
   */
  OneDnnOperation(primitive operation, memory.desc scratchpad, Parameter... parameters) {
    this.operation = operation;
    this.scratchpad = scratchpad;
    this.parameters = List.of(parameters);
  }

  /** Returns an operation that copies values into another layout or precision. */
  static OneDnnOperation reorder(memory.desc from, memory.desc to) {
    reorder.primitive_desc description =
        new reorder.primitive_desc(OneDnn.CPU, from, OneDnn.CPU, to, OneDnn.attributes(), false);
    return new OneDnnOperation(
        new reorder(description),
        description.scratchpad_desc(),
        new Parameter(DNNL_ARG_SRC, from),
        new Parameter(DNNL_ARG_DST, to));
  }

  /** Runs the operation on the calling thread, with one argument per parameter. */
  void run(Element... starts) {
    arguments.use(
        call -> {
          try {
            for (int i = 0; i < starts.length; i++) {
              call.values.get(i).set_data_handle(starts[i].address());
            }
            operation.execute(call.cpu, call.map);
          } finally {
            Reference.reachabilityFence(starts);
          }
        });
  }

  /** The arguments of a call. */
  private final class Arguments {
    private final List<memory> values = new ArrayList<>();
    private final memory intermediate = new memory(scratchpad, OneDnn.CPU);
    private final stream cpu = OneDnn.newStream();
    private final IntMemoryMap map = new IntMemoryMap();

    Arguments() {
      for (Parameter parameter : parameters) {
        memory value = OneDnn.argument(parameter.descriptor);
        values.add(value);
        map.put(parameter.name, value);
      }
      map.put(DNNL_ARG_SCRATCHPAD, intermediate);
    }
  }
}
