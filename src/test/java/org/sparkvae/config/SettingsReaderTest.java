package org.sparkvae.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.exception.ConfigurationException;

class SettingsReaderTest {
  private static SettingsReader reader() {
    return new SettingsReader();
  }

  private static String variable(String key) {
    return "SPARKVAE_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  static Stream<String> keys() {
    return NonDefaults.VALUES.keySet().stream().sorted();
  }

  /** Returns the defaults with one value replaced, without use of the reader. */
  private static Map<String, Object> defaultsExcept(String key) {
    Map<String, Object> values = SettingsReader.values(Settings.DEFAULTS);
    values.put(key, NonDefaults.VALUES.get(key));
    return values;
  }

  @Test
  void defaultsAreModel1() {
    assertThat(SettingsReader.values(reader().settings()))
        .containsExactly(
            entry("latent-channels", 256),
            entry("dropout", 0.01),
            entry("epochs", 50),
            entry("batch-size", 100),
            entry("lambda", 0.5),
            entry("kl-warmup-epochs", 0),
            entry("learning-rate", 0.001),
            entry("learning-rate-decay", 1.0),
            entry("precision", "float32"),
            entry("trainer", "shared"),
            entry("workers", 0),
            entry("limit", 0),
            entry("seed", 42L));
    assertThat(reader().settings()).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void testsCoverEverySetting() {
    assertThat(Arrays.stream(Settings.class.getRecordComponents()).map(RecordComponent::getName))
        .extracting(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
        .containsExactlyInAnyOrderElementsOf(NonDefaults.VALUES.keySet());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void fileSetsOnlyTheGivenKey(String key) {
    Settings settings =
        reader().file("f.yaml", key + ": " + NonDefaults.VALUES.get(key)).settings();
    assertThat(SettingsReader.values(settings)).isEqualTo(defaultsExcept(key));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void environmentSetsOnlyTheGivenKey(String key) {
    Settings settings =
        reader()
            .environment(Map.of(variable(key), NonDefaults.VALUES.get(key).toString()))
            .settings();
    assertThat(SettingsReader.values(settings)).isEqualTo(defaultsExcept(key));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void optionSetsOnlyTheGivenKey(String key) {
    Settings settings = reader().options(Map.of(key, NonDefaults.VALUES.get(key))).settings();
    assertThat(SettingsReader.values(settings)).isEqualTo(defaultsExcept(key));
  }

  @Test
  void acceptsTrainerAsEnumOrInAnyCase() {
    assertThat(reader().options(Map.of("trainer", TrainerKind.LOCAL)).settings().trainer())
        .isEqualTo(TrainerKind.LOCAL);
    assertThat(reader().file("f.yaml", "trainer: Local").settings().trainer())
        .isEqualTo(TrainerKind.LOCAL);
  }

  @Test
  void optionsOverrideEnvironmentOverridesFileOverridesDefaults() {
    Settings settings =
        reader()
            .file("f.yaml", "epochs: 1\nworkers: 1\nseed: 1")
            .environment(Map.of("SPARKVAE_EPOCHS", "2", "SPARKVAE_WORKERS", "2"))
            .options(Map.of("epochs", 3))
            .settings();
    assertThat(settings.epochs()).isEqualTo(3);
    assertThat(settings.workers()).isEqualTo(2);
    assertThat(settings.seed()).isEqualTo(1);
    assertThat(settings.limit()).isZero();
  }

  @Test
  void laterFileOverridesEarlierFile() {
    Settings settings =
        reader().file("a.yaml", "epochs: 1\nseed: 1").file("b.yaml", "epochs: 2").settings();
    assertThat(settings.epochs()).isEqualTo(2);
    assertThat(settings.seed()).isEqualTo(1);
  }

  @Test
  void ignoresOtherEnvironmentVariables() {
    assertThat(
            reader().environment(Map.of("EPOCHS", "2", "PATH", "x", "SPARK_HOME", "y")).settings())
        .isEqualTo(Settings.DEFAULTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n"})
  void emptyFileKeepsTheDefaults(String yaml) {
    assertThat(reader().file("f.yaml", yaml).settings()).isEqualTo(Settings.DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({
    "epoch, epochs",
    "latent-size, latent-channels",
    "warm-up, kl-warmup-epochs",
    "Epochs, epochs",
    "latent_size, latent-channels",
    "latentChannels, latent-channels",
    "lamda, lambda",
    "learning-rat, learning-rate",
    "batchsize, batch-size",
    "worker, workers",
    "sed, seed"
  })
  void rejectsUnknownKeyWithFileAndSuggestion(String key, String nearest) {
    assertFails(
        () -> reader().file("dir/my.yaml", "seed: 1\n" + key + ": 1"),
        "dir/my.yaml",
        "'" + key + "'",
        "Did you mean '" + nearest + "'");
  }

  @Test
  void rejectsUnknownVariableWithSuggestion() {
    assertFails(
        () -> reader().environment(Map.of("SPARKVAE_EPOCH", "1")),
        "environment variable SPARKVAE_EPOCH",
        "Did you mean 'epochs'");
  }

  @Test
  void rejectsUnknownOptionWithSuggestion() {
    assertFails(
        () -> reader().options(Map.of("batch-siz", 1)), "--batch-siz", "Did you mean 'batch-size'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epochs: many | epochs",
        "epochs: | epochs",
        "epochs: null | epochs",
        "epochs: [1, 2] | epochs",
        "epochs: {a: 1} | epochs",
        "epochs: 3000000000 | epochs",
        "batch-size: 1.5 | batch-size",
        "batch-size: true | batch-size",
        "latent-channels: '16.5' | latent-channels",
        "seed: 1.5 | seed",
        "seed: 9223372036854775808 | seed",
        "dropout: none | dropout",
        "dropout: null | dropout",
        "learning-rate: fast | learning-rate",
        "trainer: spark | trainer",
        "trainer: null | trainer",
        "trainer: 1 | trainer",
        "trainer: '1' | trainer",
        "trainer: [local] | trainer"
      })
  void rejectsValueOfWrongTypeByName(String yaml, String key) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> reader().file("f.yaml", yaml).settings())
        .withMessageStartingWith("f.yaml, " + key + ": expected ")
        .satisfies(exception -> assertThat(exception.getMessage()).doesNotContain("\n"));
  }

  @Test
  void rejectsEnvironmentValueOfWrongTypeByName() {
    assertFails(
        () -> reader().environment(Map.of("SPARKVAE_BATCH_SIZE", "1.5")).settings(),
        "environment variable SPARKVAE_BATCH_SIZE: expected a whole number",
        "found 1.5.");
    assertFails(
        () -> reader().environment(Map.of("SPARKVAE_EPOCHS", "")).settings(),
        "environment variable SPARKVAE_EPOCHS: expected a whole number");
  }

  @Test
  void namesTheLayerOfAnInvalidValue() {
    assertFails(
        () ->
            reader()
                .file("a.yaml", "epochs: 0")
                .options(Map.of("epochs", 0, "batch-size", 1))
                .settings(),
        "--epochs: expected a whole number of 1 or more, found 0.");
    assertFails(
        () -> reader().file("a.yaml", "epochs: 0").settings(),
        "a.yaml, epochs: expected a whole number of 1 or more, found 0.");
  }

  @ParameterizedTest
  @CsvSource({
    "latent-channels, 0",
    "latent-channels, -2",
    "latent-channels, 15",
    "dropout, -0.01",
    "dropout, 1",
    "dropout, NaN",
    "lambda, -0.5",
    "lambda, NaN",
    "lambda, Infinity",
    "learning-rate, 0",
    "learning-rate, -0.001",
    "learning-rate, NaN",
    "learning-rate, Infinity",
    "learning-rate, 1.0E-300",
    "learning-rate, 4.9E-324",
    "learning-rate, 1.0E300",
    "learning-rate, 1.0E39",
    "kl-warmup-epochs, -1",
    "learning-rate-decay, 0",
    "learning-rate-decay, 1.01",
    "learning-rate-decay, NaN",
    "batch-size, 0",
    "batch-size, -100",
    "epochs, 0",
    "epochs, -1",
    "workers, -1",
    "limit, -1"
  })
  void rejectsValueOutOfRangeByNameAndValue(String key, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> reader().environment(Map.of(variable(key), value)).settings())
        .withMessageStartingWith("environment variable " + variable(key) + ": expected ")
        .satisfies(
            exception ->
                assertThat(exception.getMessage())
                    .matches(".*, found \\Q" + value + "\\E(\\.0)?\\."));
  }

  @ParameterizedTest
  @CsvSource({
    "latent-channels, 2",
    "dropout, 0",
    "dropout, 0.99",
    "lambda, 0",
    "kl-warmup-epochs, 1",
    "learning-rate, 1e-30",
    "learning-rate, 1e30",
    "learning-rate-decay, 1e-9",
    "batch-size, 2",
    "batch-size, 2147483647",
    "epochs, 1",
    "epochs, 2147483647",
    "kl-warmup-epochs, 2147483647",
    "workers, 0",
    "workers, 2147483647",
    "limit, 0",
    "limit, 1",
    "limit, 2147483647",
    "seed, -1",
    "seed, -9223372036854775808"
  })
  void acceptsValueAtTheEdgeOfItsRange(String key, String value) {
    Settings settings = reader().environment(Map.of(variable(key), value)).settings();
    assertThat(SettingsReader.values(settings).get(key).toString())
        .satisfies(
            accepted ->
                assertThat(Double.parseDouble(accepted)).isEqualTo(Double.parseDouble(value)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"epochs", "- epochs\n- 3", "3", "epochs: [1", "a: b: c", "\"unclosed"})
  void rejectsFileThatIsNotAMapping(String yaml) {
    assertFails(() -> reader().file("dir/my.yaml", yaml), "dir/my.yaml", "YAML mapping");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "latent-channels | 4098 | an even number from 2 to 4096",
        "dropout | 1.5 | a number in [0, 1)",
        "lambda | -0.5 | a number of 0 or more",
        "kl-warmup-epochs | -1 | a whole number of 0 or more",
        "learning-rate | 0.0 | a number from 1e-30 to 1e30",
        "learning-rate-decay | 2.0 | a number in (0, 1]",
        "workers | -1 | 0 (all) or a positive number",
        "trainer | spark | shared, allreduce, averaging or local",
        "dropout | none | a number",
        "epochs | 1.5 | a whole number of at most 2147483647",
        "seed | 1.5 | a whole number of at most 9223372036854775807"
      })
  void describesTheExpectedValue(String key, String value, String expected) {
    assertThatThrownBy(() -> reader().environment(Map.of(variable(key), value)).settings())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "environment variable %s: expected %s, found %s.", variable(key), expected, value);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 200, 100",
    "100, 100, 100",
    "100, 60, 60",
    "2147483647, 60000, 60000",
    "2147483646, 1, 1"
  })
  void minibatchHasAtMostAllImages(int batchSize, int images, int expected) {
    Settings settings = reader().options(Map.of("batch-size", batchSize)).settings();
    assertThat(settings.minibatchSize(images)).isEqualTo(expected);
  }

  @Test
  void descriptionOfTheTrainersNamesEachOfThem() {
    for (TrainerKind trainer : TrainerKind.values()) {
      assertThat(TrainerKind.DESCRIPTION).contains(trainer + ": ");
    }
  }

  @Test
  void reportsTheLineOfASyntaxError() {
    assertFails(() -> reader().file("my.yaml", "seed: 1\nepochs: [1\nlimit: 2"), "line 3");
  }

  @Test
  void model1HasTheReferenceSettings() throws IOException {
    assertThat(configuration("model1.yaml")).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void model2HasTheReferenceSettings() throws IOException {
    assertThat(configuration("model2.yaml"))
        .isEqualTo(defaultsExcept(Map.of("latent-channels", 16, "dropout", 0)));
  }

  @Test
  void tunedModelHasTheArchitectureOfModel1() throws IOException {
    assertThat(configuration("model1-tuned.yaml"))
        .isEqualTo(
            defaultsExcept(
                Map.of(
                    "lambda",
                    0.02,
                    "learning-rate",
                    0.003,
                    "learning-rate-decay",
                    0.9,
                    "epochs",
                    25)));
  }

  /** β is proportional to the ratio of λ and the number of latent channels. */
  @Test
  void quickstartTrainsASmallModelWithModel1sBetaForOneEpoch() throws IOException {
    Settings quickstart = configuration("quickstart.yaml");
    assertThat(quickstart.epochs()).isOne();
    assertThat(quickstart.lambda() / quickstart.latentChannels())
        .isEqualTo(Settings.DEFAULTS.lambda() / Settings.DEFAULTS.latentChannels());
  }

  private static Settings defaultsExcept(Map<String, Object> values) {
    return reader().options(values).settings();
  }

  private static Settings configuration(String name) throws IOException {
    Path file = Path.of("conf", name);
    return reader().file(name, Files.readString(file, StandardCharsets.UTF_8)).settings();
  }

  static Stream<Settings> settings() {
    return Stream.of(
        Settings.DEFAULTS,
        defaultsExcept(NonDefaults.VALUES),
        defaultsExcept(
            Map.of(
                "dropout",
                0.1 + 0.2,
                "lambda",
                1e12,
                "kl-warmup-epochs",
                Integer.MAX_VALUE,
                "learning-rate",
                1e-30,
                "learning-rate-decay",
                Double.MIN_VALUE,
                "batch-size",
                Integer.MAX_VALUE,
                "seed",
                Long.MAX_VALUE)),
        defaultsExcept(
            Map.of(
                "dropout",
                Math.nextDown(1.0),
                "lambda",
                Double.MAX_VALUE,
                "learning-rate",
                1e10,
                "learning-rate-decay",
                Math.nextDown(1.0),
                "seed",
                Long.MIN_VALUE)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void yamlRoundTrips(Settings settings) {
    String yaml = SettingsReader.yaml(settings);
    assertThat(reader().file("config.yaml", yaml).settings()).isEqualTo(settings);
  }

  @Test
  void yamlHasOneLinePerSetting() {
    assertThat(SettingsReader.yaml(Settings.DEFAULTS))
        .isEqualTo(
            """
            latent-channels: 256
            dropout: 0.01
            epochs: 50
            batch-size: 100
            lambda: 0.5
            kl-warmup-epochs: 0
            learning-rate: 0.001
            learning-rate-decay: 1.0
            precision: float32
            trainer: shared
            workers: 0
            limit: 0
            seed: 42
            """);
  }

  @Test
  void valuesReturnsACopy() {
    SettingsReader.values(Settings.DEFAULTS).put("epochs", 1);
    assertThat(SettingsReader.values(Settings.DEFAULTS)).containsEntry("epochs", 50);
  }

  private static void assertFails(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SPARKVAE_PORT",
        "SPARKVAE_SERVICE_HOST",
        "SPARKVAE_SERVICE_PORT",
        "SPARKVAE_SERVICE_PORT_SPARK_UI",
        "SPARKVAE_PORT_7077_TCP",
        "SPARKVAE_PORT_7077_TCP_ADDR",
        "SPARKVAE_PORT_53_UDP_PROTO",
        "SPARKVAE_DRIVER_SERVICE_HOST",
        "SPARKVAE_NAME",
        "SPARKVAE_ENV_JAVA_HOME"
      })
  void ignoresVariablesOfAServiceNamedSparkvae(String variable) {
    assertThat(reader().environment(Map.of(variable, "tcp://10.0.0.1:7077")).settings())
        .isEqualTo(reader().settings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SPARKVAE_PORTS", "SPARKVAE_SERVICE", "SPARKVAE_EPOCH", "SPARKVAE_"})
  void rejectsOtherUnknownVariables(String variable) {
    assertThatThrownBy(() -> reader().environment(Map.of(variable, "1")).settings())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("environment variable " + variable);
  }
}
