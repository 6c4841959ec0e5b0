package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.testing.SmallModels;
import org.sparkvae.testing.fuzz.PlantedClass;

/** Reads malicious archives. {@code InputFuzzTest} reads randomly damaged archives. */
class ModelArchiveTest {
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "coefficients.bin";

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  @BeforeEach
  void unpackModel() throws IOException {
    ComputationGraph model = SmallModels.untrained(new ModelConfig(2, 0, 0.5, 0.001, 5));
    try (ZipInputStream archive =
        new ZipInputStream(new ByteArrayInputStream(ModelFile.forInference(model)))) {
      for (ZipEntry entry; (entry = archive.getNextEntry()) != null; ) {
        entries.put(entry.getName(), archive.readAllBytes());
      }
    }
  }

  private byte[] pack() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        archive.putNextEntry(new ZipEntry(entry.getKey()));
        archive.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private String configuration() {
    return new String(entries.get(CONFIGURATION), StandardCharsets.UTF_8);
  }

  private void setConfiguration(String configuration) {
    assertThat(configuration).isNotEqualTo(configuration());
    entries.put(CONFIGURATION, configuration.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRejected(byte[] archive, String message) {
    assertThatThrownBy(() -> ModelFile.read(archive))
        .isInstanceOf(InputDataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void readsAnUnchangedArchive() throws IOException {
    assertThat(ModelFile.read(pack()).numParams()).isPositive();
  }

  @Test
  void rejectsUnexpectedClassesWithoutLoadingThem() throws IOException {
    setConfiguration(
        configuration()
            .replaceFirst("\"@class\" ?: ?\"[^\"]*\"", "\"@class\":\"" + PlantedClass.NAME + "\""));
    assertRejected(pack(), PlantedClass.NAME);
    assertThat(System.getProperty(PlantedClass.LOADED)).isNull();
  }

  /** Two parsers could choose different values for a duplicate name. */
  @Test
  void rejectsDuplicateProperties() throws IOException {
    setConfiguration(configuration().replaceFirst("(\"@class\" ?: ?\"[^\"]*\")", "$1,$1"));
    assertRejected(pack(), "it is not a complete model archive");
  }

  @Test
  void rejectsTwoConfigurationsInOneEntry() throws IOException {
    setConfiguration(configuration() + configuration());
    assertRejected(pack(), "it is not a complete model archive");
  }

  /** Deeplearning4j would deserialize the entry. */
  @Test
  void rejectsSerializedJavaObjects() throws IOException {
    entries.put("preprocessor.bin", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});
    assertRejected(pack(), "'preprocessor.bin'");
  }

  @Test
  void rejectsEntryNamesWithParentDirectories() throws IOException {
    entries.put("../" + PARAMETERS, new byte[1]);
    assertRejected(pack(), "'../coefficients.bin'");
  }

  @Test
  void rejectsDuplicateEntries() throws IOException {
    entries.put("coefficientZ.bin", entries.get(PARAMETERS));
    String archive = new String(pack(), StandardCharsets.ISO_8859_1);
    assertRejected(
        archive.replace("coefficientZ", "coefficients").getBytes(StandardCharsets.ISO_8859_1),
        "'coefficients.bin'");
  }

  @Test
  void rejectsZipBombs() throws IOException {
    entries.put("updaterState.bin", new byte[193 << 20]);
    byte[] bomb = pack();
    assertThat(bomb).hasSizeLessThan(2 << 20);
    assertRejected(bomb, "it unpacks to more than 192 MiB");
  }

  /** The JSON tree of this configuration would take forty times as much memory. */
  @Test
  void rejectsLargeConfigurations() throws IOException {
    entries.put(
        CONFIGURATION, ("[" + "0,".repeat(10 << 20) + "0]").getBytes(StandardCharsets.UTF_8));
    assertRejected(pack(), "configuration.json is larger than 1 MiB");
  }

  @Test
  void rejectsArraysShorterThanTheirHeaderDeclares() throws IOException {
    byte[] parameters = entries.get(PARAMETERS);
    int count = ModelFile.read(pack()).params().columns();
    // The length of the second buffer is stored between its two names.
    int offset = parameters.length - count * Float.BYTES - "FLOAT".length() - 2 - Long.BYTES;
    assertThat(ByteBuffer.wrap(parameters).getLong(offset)).isEqualTo(count);
    ByteBuffer.wrap(parameters).putLong(offset, Integer.MAX_VALUE);
    assertRejected(pack(), "its parameters are not a vector");
  }

  @Test
  void rejectsNaN() throws IOException {
    byte[] parameters = entries.get(PARAMETERS);
    ByteBuffer.wrap(parameters).putFloat(parameters.length - Float.BYTES, Float.NaN);
    assertRejected(pack(), "not a vector of finite floats");
  }
}
