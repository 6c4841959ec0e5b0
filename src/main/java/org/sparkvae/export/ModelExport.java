package org.sparkvae.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.LayerSummary;
import org.sparkvae.model.ModelConfig;

/** The export of a model: its weights as safetensors and its description as JSON. */
public final class ModelExport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelExport() {}

  /**
   * Returns a safetensors file with the parameters and running statistics in single precision, with
   * PyTorch's names and layouts.
   *
   * @param metadata entries for the header of the file
   */
  public static byte[] weights(
      ComputationGraph autoEncoder, ModelConfig config, Map<String, String> metadata) {
    return Safetensors.bytes(PyTorchTensors.of(autoEncoder, config), metadata);
  }

  /**
   * Returns a JSON description of the model: its settings, its input and output shapes and its
   * steps.
   *
   * @param metadata entries for the top level of the JSON object
   */
  public static String description(ModelConfig config, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    metadata.forEach(root::put);
    root.putObject("architecture")
        .put("latent_size", config.latentChannels())
        .put("dropout", config.dropout())
        .put("lambda", config.lambda());
    root.putObject("noise")
        .put("seed", config.seed())
        .put("epoch", 0)
        .put(
            "formula",
            "standard normals from splitmix64 and Box-Muller, keyed by seed, epoch and image_id; see bench/pytorch_reference.py");
    String shape =
        "[minibatch, %d rows, %d columns]".formatted(ImageShape.ROWS, ImageShape.COLUMNS);
    root.put("input", shape + ", pixels / 255");
    root.put("output", shape + ", values in [0, 1]");
    LayerSummary.of(config)
        .forEach(
            step ->
                root.withArray("steps")
                    .addObject()
                    .put("part", step.part())
                    .put("operation", step.operation())
                    .put("shape", step.shape()));
    return root.toPrettyString() + "\n";
  }
}
