package org.sparkvae.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.LayerSummary;
import org.sparkvae.model.ModelConfig;

/** Writes a model as others read one: weights as safetensors, and what to do with them as JSON. */
public final class ModelExport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelExport() {}

  /**
   * Writes parameters and running statistics with PyTorch's names and layouts, in single precision.
   *
   * @param metadata text to text, for the file's header
   */
  public static void weights(
      ComputationGraph autoEncoder,
      ModelConfig architecture,
      Map<String, String> metadata,
      OutputStream target)
      throws IOException {
    Safetensors.write(PyTorchTensors.of(autoEncoder, architecture), metadata, target);
  }

  /**
   * Describes the model: settings, shapes of what goes in and comes out, and each step.
   *
   * @param metadata of {@link #weights}
   */
  public static String description(ModelConfig architecture, Map<String, String> metadata) {
    ObjectNode all = JSON.createObjectNode();
    metadata.forEach(all::put);
    all.putObject("architecture")
        .put("latent_size", architecture.latentChannels())
        .put("dropout", architecture.dropout())
        .put("lambda", architecture.lambda());
    all.putObject("noise")
        .put("seed", architecture.seed())
        .put("epoch", 0)
        .put(
            "formula",
            "standard normals from splitmix64 and Box-Muller, keyed by seed, epoch and image_id; see bench/pytorch_reference.py");
    all.put("input", "[minibatch, 28 rows, 28 columns], pixels / 255");
    all.put("output", "[minibatch, 28 rows, 28 columns], values in [0, 1]");
    LayerSummary.of(architecture)
        .forEach(
            step ->
                all.withArray("steps")
                    .addObject()
                    .put("part", step.part())
                    .put("operation", step.operation())
                    .put("shape", step.shape()));
    return all.toPrettyString() + "\n";
  }
}
