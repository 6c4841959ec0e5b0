package org.sparkvae.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.sparkvae.failure.InputDataFailure;

/** Deeplearning4j's model archive ({@code model.zip}): configuration, parameters, updater state. */
public final class ModelFile {
  private ModelFile() {}

  /** Writes a model to train on: with Adam's state. */
  public static void write(ComputationGraph graph, OutputStream target) throws IOException {
    ModelSerializer.writeModel(graph, target, true);
  }

  /** A model to decode with: without Adam's state. */
  public static byte[] forInference(ComputationGraph graph) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ModelSerializer.writeModel(graph, bytes, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads either, with Adam's state where the archive has one.
   *
   * @throws InputDataFailure if the archive is of a version before the layers could be chosen
   */
  public static ComputationGraph read(InputStream source) throws IOException {
    ComputationGraph graph = ModelSerializer.restoreComputationGraph(source, true);
    if (Layers.of(graph) == null) {
      throw new InputDataFailure(
          "the model was written by an earlier version, which this one cannot read; begin another run");
    }
    return graph;
  }

  /** Reads either from memory. */
  public static ComputationGraph read(byte[] archive) throws IOException {
    return read(new ByteArrayInputStream(archive));
  }
}
