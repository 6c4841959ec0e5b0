package org.sparkvae.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * A row of the reference report's Table 2: one step of the model.
 *
 * @param part part of the model, such as {@code Decoder, layer 1}
 * @param operation numbered operation, such as {@code a2 = ReLU(a1)}
 * @param shape shape of the result without the minibatch, in the reference's order of dimensions
 */
public record LayerSummary(String part, String operation, String shape) {
  /** Returns all steps of a model, derived from its graph. */
  public static List<LayerSummary> of(ModelConfig config) {
    // Each layer of this backend is one step of the reference. The CPU backend fuses several steps.
    ComputationGraphConfiguration graph =
        VaeGraph.autoEncoderConfiguration(config, LayerBackend.DL4J);
    Map<String, InputType> types = graph.getLayerActivationTypes(VaeGraph.inputTypes());
    List<LayerSummary> steps = new ArrayList<>();
    for (Map.Entry<String, GraphVertex> vertex : graph.getVertices().entrySet()) {
      String name = vertex.getKey();
      if (name.equals(VaeGraph.LOG_VARIANCE)) {
        continue; // The reference counts the mean and the log-variance as one step.
      }
      Layer layer = ((LayerVertex) vertex.getValue()).getLayerConf().getLayer();
      String shape = shape(types.get(name));
      String part = part(name, config);
      add(steps, part, operation(layer, lastResult(steps), config), shape);
      if (layer instanceof Deconvolution2D) {
        add(steps, part, "ReLU(%s)".formatted(lastResult(steps)), shape);
      }
    }
    return List.copyOf(steps);
  }

  private static void add(List<LayerSummary> steps, String part, String operation, String shape) {
    steps.add(new LayerSummary(part, "a%d = %s".formatted(steps.size() + 1, operation), shape));
  }

  private static String lastResult(List<LayerSummary> steps) {
    return steps.isEmpty() ? "image" : "a" + steps.size();
  }

  private static String part(String layer, ModelConfig config) {
    return config.decoderBlocks().stream()
        .filter(block -> layer.startsWith(block.name() + "_"))
        .findFirst()
        .map(block -> "Decoder, layer " + block.number())
        .orElse(layer.equals(VaeGraph.OUTPUT) ? "Decoder, output" : "Encoder");
  }

  private static String operation(Layer layer, String input, ModelConfig config) {
    if (layer instanceof LSTM lstm) {
      return "LSTM(%s, %s)".formatted(input, sizes(lstm));
    }
    if (layer instanceof ActivationLayer) {
      return "ReLU(%s)".formatted(input);
    }
    if (layer instanceof SamplingLayer) {
      return "Sampling(%s)".formatted(input);
    }
    if (layer instanceof Deconvolution2D deconvolution) {
      return "TransposedConv(%s, %s, kernel %s, stride %s)"
          .formatted(
              input,
              sizes(deconvolution),
              dimensions(deconvolution.getKernelSize()),
              dimensions(deconvolution.getStride()));
    }
    if (layer instanceof ConvolutionLayer head) {
      return "FullyConnected(%s, %s), for the mean and for the log-variance"
          .formatted(input, sizes(head));
    }
    if (layer instanceof BatchNormalization) {
      return "BatchNormalization(%s)".formatted(input);
    }
    if (layer instanceof SubsamplingLayer pooling) {
      return "MaxPooling(%s, kernel %s, stride %s)"
          .formatted(input, dimensions(pooling.getKernelSize()), dimensions(pooling.getStride()));
    }
    if (layer instanceof DropoutLayer) {
      return "Dropout(%s, %s)".formatted(input, config.dropout());
    }
    if (layer instanceof RnnOutputLayer output) {
      return "FullyConnected(%s, %s), sigmoid".formatted(input, sizes(output));
    }
    throw new IllegalArgumentException(
        "No operation name is defined for layer type %s."
            .formatted(layer.getClass().getSimpleName()));
  }

  private static String sizes(FeedForwardLayer layer) {
    return "%d → %d".formatted(layer.getNIn(), layer.getNOut());
  }

  private static String dimensions(int[] sizes) {
    return "%d×%d".formatted(sizes[0], sizes[1]);
  }

  private static String shape(InputType type) {
    if (type instanceof InputTypeConvolutional image) {
      return "%d × %d × %d".formatted(image.getChannels(), image.getHeight(), image.getWidth());
    }
    InputTypeRecurrent rows = (InputTypeRecurrent) type;
    return "%d × %d".formatted(rows.getTimeSeriesLength(), rows.getSize());
  }
}
