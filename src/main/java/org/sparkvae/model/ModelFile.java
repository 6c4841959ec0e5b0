package org.sparkvae.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.commons.io.function.Uncheck;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.sparkvae.config.Precision;
import org.sparkvae.exception.InputDataException;

/**
 * Deeplearning4j's model archive ({@code model.zip}): configuration, parameters and optimizer
 * state.
 */
public final class ModelFile {
  /**
   * The modification time of all entries. Java writes the first time of the zip format, in January
   * 1980, with an additional field that depends on the time zone.
   */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ModelFile() {}

  /** Writes a model with Adam's state, for training. The same model gives the same bytes. */
  public static void write(ComputationGraph graph, OutputStream target) throws IOException {
    write(graph, true, target);
  }

  /** Returns a model without Adam's state, for inference. The same model gives the same bytes. */
  public static byte[] forInference(ComputationGraph graph) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Uncheck.run(() -> write(graph, false, bytes));
    return bytes.toByteArray();
  }

  private static void write(ComputationGraph graph, boolean withUpdater, OutputStream target)
      throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, archive, withUpdater);
    // Deeplearning4j's archive contains the time of writing.
    ZipOutputStream reproducible = new ZipOutputStream(target);
    try (ZipInputStream entries =
        new ZipInputStream(new ByteArrayInputStream(archive.toByteArray()))) {
      for (ZipEntry source; (source = entries.getNextEntry()) != null; ) {
        ZipEntry entry = new ZipEntry(source.getName());
        entry.setTimeLocal(ENTRY_TIME);
        reproducible.putNextEntry(entry);
        entries.transferTo(reproducible);
        reproducible.closeEntry();
      }
    }
    reproducible.finish();
  }

  /**
   * Reads a model from memory, with Adam's state if the archive contains it.
   *
   * @throws InputDataException if the archive is not a model of this version. The message states
   *     the reason; the caller adds the file.
   */
  public static ComputationGraph read(byte[] archive) {
    ModelArchive model = ModelArchive.read(archive, AllowedStrings.MODEL);
    ComputationGraph graph = graph(model);
    if (!(graph.getConfiguration().getVertices().get(VaeGraph.SAMPLE) instanceof SamplingVertex)) {
      throw new InputDataException("it has no sampling layer '%s'".formatted(VaeGraph.SAMPLE));
    }
    if (LayerBackend.of(graph) == null) {
      throw new InputDataException(
          "it was written by an earlier version, which this version cannot read");
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
      throw new InputDataException("its configuration and its parameters do not match", e);
    }
  }

  /**
   * Checks that a model has the given configuration. The trained parameters are not compared.
   *
   * @param ignored names of properties that can differ
   * @throws InputDataException if the configurations differ. The message states the first
   *     difference; the caller adds the file.
   */
  public static void checkConfig(ComputationGraph model, ModelConfig config, String... ignored) {
    ComputationGraph expected =
        new ComputationGraph(VaeGraph.autoEncoderConfiguration(config, LayerBackend.of(model)));
    // Adds the order of the vertices to the configuration.
    expected.calculateIndices();
    ConfigurationDifference.between(
            model.getConfiguration().toJson(), expected.getConfiguration().toJson(), ignored)
        .ifPresent(
            difference -> {
              throw new InputDataException(difference);
            });
  }

  /**
   * The strings that occur in the configurations of this version's models, and in those of models
   * with up to {@value #MAX_BLOCKS} decoder blocks, which {@link #checkConfig} then describes.
   */
  private static final class AllowedStrings {
    private static final int MAX_BLOCKS = 9;
    private static final List<Integer> DECODER = Collections.nCopies(MAX_BLOCKS, 1);

    static final Set<String> MODEL =
        Arrays.stream(LayerBackend.values())
            .flatMap(
                backend ->
                    Stream.of(
                            new ModelConfig(2, DECODER, 0, 0.5, 0, 0.001, 1, 1),
                            new ModelConfig(
                                2, DECODER, 0.5, 0.5, 1, 0.001, 0.5, 1, Precision.BFLOAT16))
                        .map(config -> strings(backend, config)))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private static Set<String> strings(LayerBackend backend, ModelConfig config) {
      ComputationGraph graph =
          new ComputationGraph(VaeGraph.autoEncoderConfiguration(config, backend));
      // Adds the names of the parameters to the configuration.
      graph.init();
      return ModelArchive.strings(graph.getConfiguration().toJson());
    }
  }
}
