package org.sparkvae.model.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

import java.lang.ref.Reference;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;

/**
 * The max-pooling 3×2 of a decoder block, for one image at a time, computed by oneDNN. NaN is less
 * than any number; training detects it in batch norm's statistics.
 */
final class MaxPool {
  private final DecoderBlockShape shape;
  private final memory.desc values;
  private final memory.desc pooled;
  private final memory.desc positions;
  private final pooling_forward forward;
  private final pooling_backward backward;
  private final ObjectPool<Arguments> arguments = new ObjectPool<>(Arguments::new);

  /** The position of each maximum in its window, for the backward pass. */
  private final BytePointer maxima;

  /**
   * Allocates the memory for a minibatch.
   *
   * @param shape sizes of the decoder block
   * @param images maximal number of images
   * @param withGradients whether {@link #backward} can be called
   */
  MaxPool(DecoderBlockShape shape, int images, boolean withGradients) {
    KernelThreadPool.useOneOpenMpThread();
    this.shape = shape;
    long channels = shape.outChannels();
    this.values =
        OneDnn.descriptor(
            new long[] {1, channels, (long) STRIDE * ROWS, shape.convolvedColumns()},
            (long) STRIDE * ROWS * shape.convolvedRowSize(),
            1,
            shape.convolvedRowSize(),
            channels);
    this.pooled =
        OneDnn.descriptor(
            new long[] {1, channels, ROWS, shape.outColumns()},
            shape.outImageSize(),
            1,
            shape.outRowSize(),
            channels);
    long[] window = {STRIDE, 2};
    long[] zero = {0, 0};
    pooling_forward.primitive_desc description =
        new pooling_forward.primitive_desc(
            OneDnn.CPU,
            withGradients ? dnnl.prop_kind.forward_training : dnnl.prop_kind.forward_inference,
            dnnl.algorithm.pooling_max,
            values,
            pooled,
            window,
            window,
            zero,
            zero,
            zero);
    this.forward = new pooling_forward(description);
    this.positions = description.workspace_desc();
    this.maxima = new BytePointer(images * positions.get_size());
    this.backward =
        withGradients
            ? new pooling_backward(
                new pooling_backward.primitive_desc(
                    OneDnn.CPU,
                    dnnl.algorithm.pooling_max,
                    values,
                    pooled,
                    window,
                    window,
                    zero,
                    zero,
                    zero,
                    description))
            : null;
  }

  /**
   * Selects the maximum of each window of an image.
   *
   * @param source {@code [minibatch, 87 rows, convolvedColumns, outChannels]}
   * @param target receives the maxima, {@code [minibatch, rows, outColumns, outChannels]}
   */
  void forward(NativeFloats source, NativeFloats target, int image) {
    arguments.use(
        call ->
            execute(
                forward,
                call,
                call.forward,
                source,
                (long) image * shape.convolvedImageSize(),
                target,
                image));
  }

  /**
   * Computes the gradients of an image's values. Those of values that are not maxima are 0.
   *
   * @param gradient gradients of the maxima, {@code [minibatch, rows, outColumns, outChannels]}
   * @param target receives the gradients of the image, {@code [84 rows, convolvedColumns,
   *     outChannels]}
   */
  void backward(NativeFloats gradient, NativeFloats target, int image) {
    arguments.use(call -> execute(backward, call, call.backward, target, 0, gradient, image));
  }

  private void execute(
      primitive operation,
      Arguments call,
      IntMemoryMap all,
      NativeFloats imageValues,
      long offset,
      NativeFloats pooledValues,
      int image) {
    try {
      call.values.set_data_handle(imageValues.address(offset));
      call.pooled.set_data_handle(pooledValues.address((long) image * shape.outImageSize()));
      call.positions.set_data_handle(maxima.getPointer(image * positions.get_size()));
      operation.execute(call.cpu, all);
    } finally {
      Reference.reachabilityFence(imageValues);
      Reference.reachabilityFence(pooledValues);
      Reference.reachabilityFence(maxima);
    }
  }

  /** The arguments of a call. */
  private final class Arguments {
    private final memory values = OneDnn.argument(MaxPool.this.values);
    private final memory pooled = OneDnn.argument(MaxPool.this.pooled);
    private final memory positions = OneDnn.argument(MaxPool.this.positions);
    private final stream cpu = OneDnn.newStream();
    private final IntMemoryMap forward = new IntMemoryMap();
    private final IntMemoryMap backward = new IntMemoryMap();

    Arguments() {
      forward.put(DNNL_ARG_SRC, values);
      forward.put(DNNL_ARG_DST, pooled);
      forward.put(DNNL_ARG_WORKSPACE, positions);
      backward.put(DNNL_ARG_DIFF_SRC, values);
      backward.put(DNNL_ARG_DIFF_DST, pooled);
      backward.put(DNNL_ARG_WORKSPACE, positions);
    }
  }
}
