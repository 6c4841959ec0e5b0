package org.sparkvae.run;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.IdxFixture;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.mnist.Split;
import org.sparkvae.reconstruction.ReconstructionWriter;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.SparkErrors;
import org.sparkvae.testing.fuzz.FileEdit;
import org.sparkvae.testing.fuzz.ResourceLimits;

/**
 * Fuzz tests of the files that are read through Spark: Parquet of an earlier version, Parquet of
 * the images, and the inputs of the report. {@code InputFuzzTest} covers the other files.
 */
class RunFuzzTest {
  private static final Path EARLIER_VERSION =
      Path.of("src/test/resources/reconstructions-of-dd94d61/reconstructions");
  private static final String HISTORY =
      """
      epoch,train_loss_last,train_loss_mean,bce_last,bce_mean,reg_term_last,reg_term_mean,test_bce,test_reg_term,examples,seconds,examples_per_second,drift
      1,0.27,0.43,0.26,0.42,0.01,0.01,0.25,0.02,20,10.0,15.0,0.0
      2,0.26,0.42,0.25,0.41,0.01,0.01,0.25,0.02,20,10.0,15.0,0.0
      """;

  private static Path temporary;
  private static IdxSet set;
  private static Path table;
  private static Set<String> images;
  private static String undamagedReport;

  private Path output;
  private Run run;

  @BeforeContainer
  static void createImages() throws IOException {
    temporary = Files.createTempDirectory(Path.of("target"), "fuzz").toAbsolutePath();
    Path idx = Files.createDirectory(temporary.resolve("idx"));
    IdxFixture.writeSet(idx);
    set = DataStage.locate(Optional.of(idx.toString()), new RecordingReporter());
    table = Path.of(DataStage.write(set, temporary.toString(), new RecordingReporter()));
    images = imageStrings(table);
  }

  @AfterContainer
  static void delete() throws IOException {
    FileUtils.deleteDirectory(temporary.toFile());
  }

  @BeforeTry
  void createRun() throws IOException {
    output = Files.createTempDirectory(temporary, "runs");
    run =
        Run.open(
            "one",
            output.toString(),
            reader -> reader.options(Map.of("epochs", 2, "limit", 20)).settings(),
            new RecordingReporter());
    run.writeSettings();
    FileUtils.copyDirectory(EARLIER_VERSION.toFile(), file("reconstructions").toFile());
    Files.writeString(file("history.csv"), HISTORY, StandardCharsets.UTF_8);
    Files.writeString(file("evaluation.json"), "{\"beta\": 0.109375, \"test.loss\": 0.27}");
    Files.writeString(
        file("provenance.json"),
        "{\"run_id\": \"one\", \"data\": {\"checksum\": \"c\"}, \"machine\": {\"master\": \"local[2]\"}}");
    Files.createDirectory(file("figures"));
  }

  @AfterTry
  void deleteRun() throws IOException {
    FileUtils.deleteDirectory(output.toFile());
  }

  @Provide
  Arbitrary<List<FileEdit>> edits() {
    return FileEdit.edits();
  }

  private Path file(String name) {
    return output.resolve("one").resolve(name);
  }

  private static void change(Path file, List<FileEdit> edits) throws IOException {
    Files.write(file, FileEdit.applyAll(edits, Files.readAllBytes(file)));
  }

  /** Returns the result, or empty if reading fails with a one-line message that names the file. */
  private static <T> Optional<T> read(String name, Callable<T> reader) throws Exception {
    return ResourceLimits.enforce(
        () -> {
          try {
            return Optional.of(reader.call());
          } catch (Exception e) {
            RuntimeException translated = SparkErrors.translate(e);
            assertThat(translated)
                .as("%s", ExceptionUtils.getStackTrace(e))
                .isInstanceOf(InputDataException.class)
                .hasMessageContaining(name);
            assertThat(translated.getMessage().lines()).hasSize(1);
            return Optional.empty();
          }
        });
  }

  private Optional<Boolean> report(String damaged) throws Exception {
    return read(
        damaged,
        () -> {
          ReportStage.report(run, LocalSpark.session());
          return true;
        });
  }

  @Property(seed = FileEdit.SEED)
  void history(@ForAll("edits") List<FileEdit> edits) throws Exception {
    change(file("history.csv"), edits);
    report("history.csv");
    assertThat(output.resolve("one").toFile().list()).noneMatch(name -> name.startsWith("_"));
  }

  @Property(seed = FileEdit.SEED)
  void reportInputs(@ForAll boolean provenance, @ForAll("edits") List<FileEdit> edits)
      throws Exception {
    String name = provenance ? "provenance.json" : "evaluation.json";
    change(file(name), edits);
    report(name);
  }

  /** If a report is written, it equals that of the undamaged file, so that no number is wrong. */
  @Property(seed = FileEdit.SEED)
  void reconstructionsOfAnEarlierVersion(
      @ForAll boolean test, @ForAll("edits") List<FileEdit> edits) throws Exception {
    if (undamagedReport == null) {
      report("");
      undamagedReport = Files.readString(file("report.html"));
      Files.delete(file("report.html"));
    }
    change(file("reconstructions/split=%s/part.parquet".formatted(test ? "test" : "train")), edits);
    if (report("reconstructions").isPresent()) {
      assertThat(Files.readString(file("report.html"))).isEqualTo(undamagedReport);
    }
  }

  @Property(seed = FileEdit.SEED)
  void reconstructionMetadata(@ForAll("edits") List<FileEdit> edits) throws Exception {
    change(file("reconstructions/split=test/part.parquet"), edits);
    read(
        "reconstructions",
        () ->
            ReconstructionWriter.metadata(run.directory(), Run.RECONSTRUCTIONS, "sparkvae.run_id")
                .orElse("none"));
  }

  @Property(seed = FileEdit.SEED)
  void images(
      @ForAll boolean test, @ForAll boolean checksums, @ForAll("edits") List<FileEdit> edits)
      throws Exception {
    Path copy = output.resolve("_data/set");
    FileUtils.copyDirectory(table.toFile(), copy.toFile());
    Path part = copy.resolve("split=%s/part-00000.parquet".formatted(test ? "test" : "train"));
    if (!checksums) {
      // Most file systems have no checksum files.
      Files.delete(part.resolveSibling(".part-00000.parquet.crc"));
    }
    change(part, edits);
    Optional<Set<String>> found = read("_data", () -> imageStrings(copy));
    found.ifPresent(strings -> assertThat(strings).isEqualTo(images));
  }

  /** Another program has rewritten the table. The values are no damage that Parquet detects. */
  @Example
  void imagesWithInvalidValues() throws Exception {
    Map<String, String> invalid =
        Map.of(
            "substring(pixels, 2) AS pixels", "column 'pixels': expected 784 bytes",
            "label + 1 AS label", "column 'label': expected a number from 0 to 9 in each row");
    for (Map.Entry<String, String> change : invalid.entrySet()) {
      Path copy = output.resolve("_data/set");
      FileUtils.copyDirectory(table.toFile(), copy.toFile());
      String column = StringUtils.substringAfterLast(change.getKey(), " AS ");
      LocalSpark.session()
          .read()
          .parquet(table.resolve("split=test").toString())
          .withColumn(column, expr(StringUtils.substringBefore(change.getKey(), " AS " + column)))
          .write()
          .mode("overwrite")
          .parquet(copy.resolve("split=test").toString());
      assertThatThrownBy(() -> imageStrings(copy))
          .isInstanceOf(InputDataException.class)
          .hasMessageStartingWith(copy + ": split=test: ")
          .hasMessageContaining(change.getValue())
          .hasMessageEndingWith("recreate it with: submit/sparkvae data");
    }
  }

  /** Returns one string for each image of both splits. */
  private static Set<String> imageStrings(Path directory) {
    RunImages all = DataStage.read(LocalSpark.session(), directory.toString(), set, 0);
    return Stream.of(Split.values())
        .flatMap(split -> all.split(split).collectAsList().stream())
        .map(row -> row.get(0) + " " + row.get(1) + " " + Hex.encodeHexString(row.<byte[]>getAs(2)))
        .collect(Collectors.toSet());
  }
}
