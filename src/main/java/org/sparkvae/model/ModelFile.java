package org.sparkvae.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.sparkvae.exception.InputDataException;

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
   * Reads either from memory, with Adam's state where the archive has one.
   *
   * @throws InputDataException if the archive is not such a model; its message says how, and leaves
   *     it to the caller to say where
   */
  public static ComputationGraph read(byte[] archive) {
    ModelArchive model = ModelArchive.read(archive, Words.OF_MODELS);
    ComputationGraph graph = graph(model);
    if (LayerBackend.of(graph) == null) {
      throw new InputDataException(
          "it was written by an earlier version, which this one cannot read");
    }
    return graph;
  }

  private static ComputationGraph graph(ModelArchive model) {
    try {
      ComputationGraph graph =
          new ComputationGraph(ComputationGraphConfiguration.fromJson(model.configuration()));
      graph.init(model.parameters(), false);
      model.updaterState().ifPresent(graph.getUpdater()::setStateViewArray);
      return graph;
    } catch (RuntimeException e) {
      throw new InputDataException("its configuration and its parameters do not go together", e);
    }
  }

  /** Makes sure that a model is what settings make, but for how far it has been trained. */
  static void check(ComputationGraph model, ModelConfig architecture) {
    ComputationGraph made =
        new ComputationGraph(VaeGraph.autoEncoder(architecture, LayerBackend.of(model)));
    // Writes the order of the vertices into the configuration.
    made.calculateIndices();
    if (!ModelArchive.form(model.getConfiguration().toJson())
        .equals(ModelArchive.form(made.getConfiguration().toJson()))) {
      throw new InputDataException("it is of other settings than the run's");
    }
  }

  /** What a model's configuration may say: what those that this program makes say. */
  private static final class Words {
    static final Set<String> OF_MODELS =
        Arrays.stream(LayerBackend.values())
            .flatMap(
                layers ->
                    Stream.of(
                            new ModelConfig(2, 0, 0.5, 0.001, 1),
                            new ModelConfig(2, 0.5, 0.5, 1, 0.001, 0.5, 1))
                        .map(each -> words(layers, each)))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private static Set<String> words(LayerBackend layers, ModelConfig architecture) {
      ComputationGraph graph = new ComputationGraph(VaeGraph.autoEncoder(architecture, layers));
      // Names its variables.
      graph.init();
      return ModelArchive.words(graph.getConfiguration().toJson());
    }
  }
}
