package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.evaluation.ClassifierCache.TrainedClassifier;
import org.sparkvae.storage.Storage;

class ClassifierCacheTest {
  private static final String CHECKSUM = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  private final List<String> warnings = new ArrayList<>();
  private ClassifierCache cache;

  @BeforeEach
  void open() {
    cache = new ClassifierCache(Storage.at(directory.toUri().toString()), warnings::add);
  }

  private static byte[] archive(int label) throws IOException {
    return DigitClassifier.train(new byte[1][784], new int[] {label}, images -> {}).write();
  }

  private Path file(String name) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> path.getFileName().toString().equals(name)).findFirst().get();
    }
  }

  @Test
  void findsStoredClassifier() throws IOException {
    assertThat(cache.find(CHECKSUM)).isEmpty();
    byte[] archive = archive(3);
    cache.put(CHECKSUM, new TrainedClassifier(archive, 0.9912));
    TrainedClassifier found = cache.find(CHECKSUM).orElseThrow();
    assertThat(found.archive()).isEqualTo(archive);
    assertThat(found.testAccuracy()).isEqualTo(0.9912);
    assertThat(cache.find("f" + CHECKSUM)).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.zip", "state.json", "SHA256SUMS"})
  void replacesADamagedClassifier(String name) throws IOException {
    cache.put(CHECKSUM, new TrainedClassifier(archive(3), 0.9912));
    byte[] bytes = Files.readAllBytes(file(name));
    bytes[0]++;
    Files.write(file(name), bytes);
    assertThat(cache.find(CHECKSUM)).isEmpty();
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("is damaged", "A new classifier is trained.");

    byte[] another = archive(4);
    cache.put(CHECKSUM, new TrainedClassifier(another, 0.5));
    assertThat(cache.find(CHECKSUM).orElseThrow().archive()).isEqualTo(another);
  }

  @Test
  void rejectsAnArchiveThatIsNotAClassifier() {
    cache.put(CHECKSUM, new TrainedClassifier(new byte[] {1, 2, 3}, 0.9912));
    assertThat(cache.find(CHECKSUM)).isEmpty();
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("is damaged", "A new classifier is trained.");
  }
}
