package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.commons.io.FileUtils;
import org.sparkvae.evaluation.ClassifierCache;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.evaluation.DigitClassifier;
import org.sparkvae.mnist.IdxFixture;
import org.sparkvae.model.ModelFile;
import org.sparkvae.storage.ChecksummedFiles;
import org.sparkvae.storage.Storage;
import org.sparkvae.testing.fuzz.FileEdit;
import org.sparkvae.testing.fuzz.ResourceLimits;
import org.sparkvae.training.Checkpoint;
import org.sparkvae.training.CheckpointDirectory;

/**
 * Every file that is read without Spark, changed in all ways: read, or refused with the right exit
 * code and one line, within the limits of {@link ResourceLimits}. Five inputs of each kind in every
 * build; {@code mvn test -Dtest='*FuzzTest' -Djqwik.tries.default=667} tries 10,672 in all.
 */
class InputFuzzTest {
  private static final String SET = "0123456789abcdef";

  private static Path whole;

  private Path runs;
  private Path run;

  @BeforeContainer
  static void createRun() throws Exception {
    whole = SmallRun.directory();
  }

  @BeforeTry
  void copyRun() throws Exception {
    runs = Files.createTempDirectory(whole.getParent(), "runs");
    run = SmallRun.copyTo(runs);
  }

  @AfterTry
  void deleteCopy() throws IOException {
    FileUtils.deleteDirectory(runs.toFile());
  }

  @Provide
  Arbitrary<List<FileEdit>> edits() {
    return FileEdit.edits();
  }

  /**
   * Ends with one of the codes, and one line if that is not 0; every file is as it was, but for
   * those that are written if it is 0.
   */
  private int ends(Set<Integer> codes, Set<String> written, String... command) throws Exception {
    Map<String, Long> before = checksums();
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--output", runs.toString()));
    CommandResult end = ResourceLimits.enforce(() -> CommandResult.of(all.toArray(String[]::new)));
    assertThat(end.code()).as("%s", end.errors()).isIn(codes);
    if (end.code() == 0) {
      assertThat(end.errors()).isEmpty();
      before.keySet().removeAll(written);
    } else {
      assertThat(end.errors()).singleElement().asString().startsWith("sparkvae: ");
      assertThat(end.errors().get(0)).doesNotContain("Exception").hasSizeLessThan(1000);
    }
    Map<String, Long> after = checksums();
    if (end.code() == 0) {
      after.keySet().removeAll(written);
    }
    assertThat(after).isEqualTo(before);
    return end.code();
  }

  /** Returns the checksums of all files except the tables of images, by name. */
  private Map<String, Long> checksums() throws IOException {
    Map<String, Long> checksums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(runs)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = runs.relativize(file).toString();
        if (!name.startsWith("_data")) {
          // Without the C2 compiler, CRC-32 is an order of magnitude faster than SHA-256.
          checksums.put(name, FileUtils.checksumCRC32(file.toFile()));
        }
      }
    }
    return checksums;
  }

  private static byte[] changed(Path file, List<FileEdit> edits) throws IOException {
    byte[] changed = FileEdit.applyAll(edits, Files.readAllBytes(file));
    Files.write(file, changed);
    return changed;
  }

  @Property(seed = FileEdit.SEED)
  void plainIdx(@ForAll @IntRange(max = 3) int which, @ForAll("edits") List<FileEdit> edits)
      throws Exception {
    Path set = set();
    byte[] changed = changed(set.resolve(IdxFixture.NAMES.get(which)), edits);
    int code = ends(Set.of(0, 3), Set.of(), "data", "--data", set.toString());
    assertThat(code).isEqualTo(isRight(IdxFixture.NAMES.get(which), changed) ? 0 : 3);
  }

  @Property(seed = FileEdit.SEED)
  void gzippedIdx(
      @ForAll @IntRange(max = 3) int which,
      @ForAll("edits") List<FileEdit> inside,
      @ForAll("edits") List<FileEdit> outside,
      @ForAll boolean isOutside)
      throws Exception {
    Path set = set();
    String name = IdxFixture.NAMES.get(which);
    byte[] plain = IdxFixture.content(name);
    byte[] changed =
        isOutside
            ? FileEdit.applyAll(outside, IdxFixture.gzip(plain))
            : IdxFixture.gzip(FileEdit.applyAll(inside, plain));
    Files.delete(set.resolve(name));
    Files.write(set.resolve(name + ".gz"), changed);
    int code = ends(Set.of(0, 3), Set.of(), "data", "--data", set.toString());
    if (code == 0) {
      try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(changed))) {
        assertThat(isRight(name, unpacked.readAllBytes())).isTrue();
      }
    }
  }

  private Path set() throws IOException {
    Path set = runs.resolve("_data-idx");
    FileUtils.copyDirectory(SmallRun.data().toFile(), set.toFile());
    return set;
  }

  /** By the format's description, and that the other three files have not changed. */
  private static boolean isRight(String name, byte[] content) {
    byte[] before = IdxFixture.content(name);
    int header = name.contains("idx3") ? 16 : 8;
    return content.length == before.length
        && ByteBuffer.wrap(content, 0, header).equals(ByteBuffer.wrap(before, 0, header))
        && (header == 16
            || IntStream.range(header, content.length)
                .allMatch(i -> content[i] >= 0 && content[i] <= 9));
  }

  @Property(seed = FileEdit.SEED)
  void settings(@ForAll("edits") List<FileEdit> edits) throws Exception {
    Path file = runs.resolve("_data.yaml");
    Files.copy(run.resolve("config.yaml"), file);
    changed(file, edits);
    ends(Set.of(0, 2), Set.of(), "run", "--run-id", "one", "--config", file.toString());
  }

  @Property(seed = FileEdit.SEED)
  void settingsOfTheRun(@ForAll("edits") List<FileEdit> edits) throws Exception {
    changed(run.resolve("config.yaml"), edits);
    ends(Set.of(0, 2), Set.of(), "run", "--run-id", "one");
  }

  @Property(seed = FileEdit.SEED)
  void model(@ForAll("edits") List<FileEdit> edits) throws Exception {
    byte[] changed = changed(run.resolve("model.zip"), edits);
    int code = ends(Set.of(0, 3), EXPORTED, "export", "--run-id", "one");
    if (code == 0) {
      byte[] before = Files.readAllBytes(whole.resolve("model.zip"));
      assertThat(parameters(changed)).isEqualTo(parameters(before));
    }
  }

  private static float[] parameters(byte[] model) {
    return ModelFile.read(model).params().ravel().toFloatVector();
  }

  private static final Set<String> EXPORTED = Set.of("one/model.safetensors", "one/model.json");

  @Property(seed = FileEdit.SEED)
  void entriesOfTheModel(
      @ForAll @IntRange(max = 1) int which, @ForAll("edits") List<FileEdit> edits)
      throws Exception {
    Path file = run.resolve("model.zip");
    Files.write(file, rezipped(Files.readAllBytes(file), which, edits));
    ends(Set.of(0, 3), EXPORTED, "export", "--run-id", "one");
  }

  /** An archive with a change in one of its entries, and right checksums. */
  private static byte[] rezipped(byte[] archive, int which, List<FileEdit> edits)
      throws IOException {
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(archive));
        ZipOutputStream to = new ZipOutputStream(changed)) {
      int number = 0;
      for (ZipEntry entry; (entry = from.getNextEntry()) != null; number++) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        byte[] content = from.readAllBytes();
        to.write(number == which ? FileEdit.applyAll(edits, content) : content);
      }
    }
    return changed.toByteArray();
  }

  @Property(seed = FileEdit.SEED)
  void exported(
      @ForAll("edits") List<FileEdit> edits, @ForAll boolean weights, @ForAll boolean description)
      throws Exception {
    String[] command = {"export", "--run-id", "one"};
    ends(Set.of(0), EXPORTED, command);
    byte[] weightsBefore = Files.readAllBytes(run.resolve("model.safetensors"));
    byte[] descriptionBefore = Files.readAllBytes(run.resolve("model.json"));
    if (weights) {
      changed(run.resolve("model.safetensors"), edits);
    }
    if (description) {
      changed(run.resolve("model.json"), edits);
    }
    ends(Set.of(0), EXPORTED, command);
    assertThat(run.resolve("model.safetensors")).hasBinaryContent(weightsBefore);
    assertThat(run.resolve("model.json")).hasBinaryContent(descriptionBefore);
  }

  /** A page that is made is the run's own: no number of it has changed. */
  @Property(seed = FileEdit.SEED)
  void reconstructions(@ForAll boolean ofTest, @ForAll("edits") List<FileEdit> edits)
      throws Exception {
    Path split = run.resolve("reconstructions/split=" + (ofTest ? "test" : "train"));
    try (Stream<Path> files = Files.list(split)) {
      changed(files.filter(each -> each.toString().endsWith(".parquet")).findAny().get(), edits);
    }
    // With 2 another model's reconstructions are refused.
    ends(Set.of(0, 2, 3), Set.of(), "report", "--run-id", "one");
    assertThat(run.resolve("report.html")).hasSameTextualContentAs(whole.resolve("report.html"));
  }

  /** What would be measured again is refused for want of data. */
  @Property(seed = FileEdit.SEED)
  void evaluation(@ForAll("edits") List<FileEdit> edits, @ForAll boolean ofProvenance)
      throws Exception {
    changed(run.resolve(ofProvenance ? "provenance.json" : "evaluation.json"), edits);
    ends(Set.of(0, 2, 3), Set.of(), "evaluate", "--run-id", "one", "--data", "absent");
  }

  /** A changed one is passed over with a warning, or whole but for its numbers. */
  @Property(seed = FileEdit.SEED)
  void checkpoint(@ForAll @IntRange(max = 4) int which, @ForAll("edits") List<FileEdit> edits)
      throws Exception {
    Path newest = run.resolve("checkpoints/epoch-0002");
    Map<String, byte[]> files = summedFiles(newest);
    switch (which) {
      case 0 -> files.put("state.json", FileEdit.applyAll(edits, files.get("state.json")));
      case 1 -> files.put("model.zip", FileEdit.applyAll(edits, files.get("model.zip")));
      default -> files.put("model.zip", rezipped(files.get("model.zip"), which - 2, edits));
    }
    ChecksummedFiles.write(storage(newest.getParent()), "epoch-0002", files);
    List<String> warnings = new ArrayList<>();
    Checkpoint found =
        ResourceLimits.enforce(
            () ->
                new CheckpointDirectory(storage(newest.getParent()), warnings::add)
                    .latest()
                    .orElseThrow());
    assertThat(found.epoch()).isEqualTo(warnings.isEmpty() ? 2 : 1);
    assertThat(found.history()).hasSize(found.epoch());
    assertOneWarning(warnings);
  }

  @Property(seed = FileEdit.SEED)
  void classifier(@ForAll @IntRange(max = 3) int which, @ForAll("edits") List<FileEdit> edits)
      throws Exception {
    ClassifierCache cache = new ClassifierCache(storage(runs), warning -> {});
    cache.put(SET, new TrainedClassifier(CLASSIFIER, 0.99));
    Path place;
    try (Stream<Path> all = Files.walk(runs)) {
      place = all.filter(each -> each.toString().contains(SET.substring(0, 8))).findFirst().get();
    }
    Map<String, byte[]> files = summedFiles(place);
    switch (which) {
      case 0 -> files.put("state.json", FileEdit.applyAll(edits, files.get("state.json")));
      case 1 -> files.put("model.zip", FileEdit.applyAll(edits, files.get("model.zip")));
      default -> files.put("model.zip", rezipped(files.get("model.zip"), which - 2, edits));
    }
    ChecksummedFiles.write(storage(place.getParent()), place.getFileName().toString(), files);
    List<String> warnings = new ArrayList<>();
    boolean found =
        ResourceLimits.enforce(() -> new ClassifierCache(storage(runs), warnings::add).find(SET))
            .isPresent();
    assertThat(found).isEqualTo(warnings.isEmpty());
    assertOneWarning(warnings);
  }

  private static final byte[] CLASSIFIER = untrained();

  private static byte[] untrained() {
    try {
      return DigitClassifier.train(new byte[1][784], new int[] {3}, images -> {}).write();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertOneWarning(List<String> warnings) {
    assertThat(warnings).hasSizeLessThanOrEqualTo(1);
    assertThat(warnings).allMatch(line -> line.contains("is damaged") && line.lines().count() == 1);
  }

  private static Storage storage(Path directory) {
    return Storage.at(directory.toString());
  }

  private static Map<String, byte[]> summedFiles(Path directory) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : List.of("model.zip", "state.json")) {
      files.put(name, Files.readAllBytes(directory.resolve(name)));
    }
    return files;
  }
}
