package org.sparkvae.model.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.sparkvae.image.ImageShape.ROWS;
import static org.sparkvae.model.cpu.DecoderBlockShape.STRIDE;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.sparkvae.model.cpu.OneDnnOperation.Parameter;

/**
 * The max-pooling 3×2 of a decoder block, for one image at a time, computed by oneDNN. NaN is less
 * than any number; training detects it in batch norm's statistics.
 */
final class MaxPool {
  private final DecoderBlockShape shape;
  private final OneDnnOperation forward;
  private final OneDnnOperation backward;

  /** The position of each maximum in its window, for the backward pass. */
  private final NativeFloats positions;

  /** The number of floats that contain an image's positions. */
  private final long positionsSize;

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
    memory.desc values =
        OneDnn.descriptor(
            new long[] {1, channels, (long) STRIDE * ROWS, shape.convolvedColumns()},
            (long) STRIDE * ROWS * shape.convolvedRowSize(),
            1,
            shape.convolvedRowSize(),
            channels);
    memory.desc pooled =
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
            zero,
            OneDnn.attributes(),
            false);
    Parameter workspace = new Parameter(DNNL_ARG_WORKSPACE, description.workspace_desc());
    this.positionsSize = workspace.descriptor().get_size() / Float.BYTES;
    this.positions = NativeFloats.zeros(images * positionsSize);
    this.forward =
        new OneDnnOperation(
            new pooling_forward(description),
            description.scratchpad_desc(),
            new Parameter(DNNL_ARG_SRC, values),
            new Parameter(DNNL_ARG_DST, pooled),
            workspace);
    if (!withGradients) {
      this.backward = null;
      return;
    }
    pooling_backward.primitive_desc gradients =
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
            description,
            OneDnn.attributes(),
            false);
    this.backward =
        new OneDnnOperation(
            new pooling_backward(gradients),
            gradients.scratchpad_desc(),
            new Parameter(DNNL_ARG_DIFF_SRC, values),
            new Parameter(DNNL_ARG_DIFF_DST, pooled),
            workspace);
  }

  /**
   * Selects the maximum of each window of an image.
   *
   * @param source the image's first value, {@code [86 rows, convolvedColumns, outChannels]}
   * @param target the first of its maxima, {@code [rows, outColumns, outChannels]}
   * @param image number of the image in the minibatch
   */
  void forward(Element source, Element target, int image) {
    forward.run(source, target, positions.at(image * positionsSize));
  }

  /**
   * Computes the gradients of an image's values. Those of values that are not maxima are 0.
   *
   * @param gradient gradients of the maxima, {@code [minibatch, rows, outColumns, outChannels]}
   * @param target receives the gradients of the image, {@code [84 rows, convolvedColumns,
   *     outChannels]}
   */
  void backward(NativeFloats gradient, NativeFloats target, int image) {
    backward.run(
        target.at(0),
        gradient.at((long) image * shape.outImageSize()),
        positions.at(image * positionsSize));
  }
}
