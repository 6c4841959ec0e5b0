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
import org.sparkvae.fuzz.PlantedClass;

/** Archives that somebody made to do harm; {@code InputFuzzTest} has those that chance made. */
class ModelArchiveTest {
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "coefficients.bin";

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  @BeforeEach
  void unpackAModel() throws IOException {
    ComputationGraph model =
        new ComputationGraph(VaeGraph.autoEncoder(new ModelConfig(2, 0, 0.5, 0.001, 5)));
    model.init();
    try (ZipInputStream archive =
        new ZipInputStream(new ByteArrayInputStream(ModelFile.forInference(model)))) {
      for (ZipEntry entry; (entry = archive.getNextEntry()) != null; ) {
        entries.put(entry.getName(), archive.readAllBytes());
      }
    }
  }

  private byte[] packed() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(packed)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        archive.putNextEntry(new ZipEntry(entry.getKey()));
        archive.write(entry.getValue());
      }
    }
    return packed.toByteArray();
  }

  private String configuration() {
    return new String(entries.get(CONFIGURATION), StandardCharsets.UTF_8);
  }

  private void configure(String configuration) {
    assertThat(configuration).isNotEqualTo(configuration());
    entries.put(CONFIGURATION, configuration.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(byte[] archive, String why) {
    assertThatThrownBy(() -> ModelFile.read(archive))
        .isInstanceOf(InputDataException.class)
        .hasMessageContaining(why);
  }

  @Test
  void oneWithNothingChangedIsRead() throws IOException {
    assertThat(ModelFile.read(packed()).numParams()).isPositive();
  }

  @Test
  void aClassThatIsNotOfAModelIsNotMade() throws IOException {
    configure(
        configuration()
            .replaceFirst("\"@class\" ?: ?\"[^\"]*\"", "\"@class\":\"" + PlantedClass.NAME + "\""));
    assertRefused(packed(), PlantedClass.NAME);
    assertThat(System.getProperty(PlantedClass.LOADED)).isNull();
  }

  /** Of two of one name a second parser may take the other. */
  @Test
  void twoClassesUnderOneNameAreRefused() throws IOException {
    configure(configuration().replaceFirst("(\"@class\" ?: ?\"[^\"]*\")", "$1,$1"));
    assertRefused(packed(), "no whole model archive");
  }

  @Test
  void twoConfigurationsInOneAreRefused() throws IOException {
    configure(configuration() + configuration());
    assertRefused(packed(), "no whole model archive");
  }

  /** Deeplearning4j would deserialise it. */
  @Test
  void aJavaObjectIsRefused() throws IOException {
    entries.put("preprocessor.bin", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});
    assertRefused(packed(), "'preprocessor.bin'");
  }

  @Test
  void aNameThatLeadsElsewhereIsRefused() throws IOException {
    entries.put("../" + PARAMETERS, new byte[1]);
    assertRefused(packed(), "'../coefficients.bin'");
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    entries.put("coefficientZ.bin", entries.get(PARAMETERS));
    String archive = new String(packed(), StandardCharsets.ISO_8859_1);
    assertRefused(
        archive.replace("coefficientZ", "coefficients").getBytes(StandardCharsets.ISO_8859_1),
        "'coefficients.bin'");
  }

  @Test
  void whatUnpacksToFarMoreIsRefused() throws IOException {
    entries.put("updaterState.bin", new byte[193 << 20]);
    byte[] bomb = packed();
    assertThat(bomb).hasSizeLessThan(2 << 20);
    assertRefused(bomb, "it unpacks to more than 192 MiB");
  }

  /** A tree of it would take forty times as much memory. */
  @Test
  void aConfigurationOfManyNumbersIsRefused() throws IOException {
    entries.put(
        CONFIGURATION, ("[" + "0,".repeat(10 << 20) + "0]").getBytes(StandardCharsets.UTF_8));
    assertRefused(packed(), "configuration.json is larger than 1 MiB");
  }

  @Test
  void anArrayThatSaysItIsLargerThanItIsIsRefused() throws IOException {
    byte[] parameters = entries.get(PARAMETERS);
    int count = ModelFile.read(packed()).params().columns();
    // The count of the second buffer stands between its two names.
    int at = parameters.length - count * Float.BYTES - "FLOAT".length() - 2 - Long.BYTES;
    assertThat(ByteBuffer.wrap(parameters).getLong(at)).isEqualTo(count);
    ByteBuffer.wrap(parameters).putLong(at, Integer.MAX_VALUE);
    assertRefused(packed(), "not a vector");
  }

  @Test
  void aNumberThatIsNoneIsRefused() throws IOException {
    byte[] parameters = entries.get(PARAMETERS);
    ByteBuffer.wrap(parameters).putFloat(parameters.length - Float.BYTES, Float.NaN);
    assertRefused(packed(), "not a vector of finite floats");
  }
}
