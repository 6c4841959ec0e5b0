package org.sparkvae.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.sparkvae.failure.InputDataFailure;

/** Deeplearning4j's model archive ({@code model.zip}): configuration, parameters, updater state. */
public final class ModelFile {
  /** Later than the first that an archive can name, which Java writes in the zone it is in. */
  private static final LocalDateTime EPOCH_OF_ZIP = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ModelFile() {}

  /** Writes a model to train on: with Adam's state. The same model gives the same bytes. */
  public static void write(ComputationGraph graph, OutputStream target) throws IOException {
    write(graph, true, target);
  }

  /** A model to decode with: without Adam's state. The same model gives the same bytes. */
  public static byte[] forInference(ComputationGraph graph) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(graph, false, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(ComputationGraph graph, boolean withUpdater, OutputStream target)
      throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, archive, withUpdater);
    // Deeplearning4j's names the time at which it was written.
    ZipOutputStream timeless = new ZipOutputStream(target);
    try (ZipInputStream entries =
        new ZipInputStream(new ByteArrayInputStream(archive.toByteArray()))) {
      for (ZipEntry each; (each = entries.getNextEntry()) != null; ) {
        ZipEntry entry = new ZipEntry(each.getName());
        entry.setTimeLocal(EPOCH_OF_ZIP);
        timeless.putNextEntry(entry);
        entries.transferTo(timeless);
        timeless.closeEntry();
      }
    }
    timeless.finish();
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
