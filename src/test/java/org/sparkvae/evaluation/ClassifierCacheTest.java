package org.sparkvae.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.evaluation.ClassifierCache.Trained;
import org.sparkvae.storage.Storage;

class ClassifierCacheTest {
  private static final String SET = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  private final List<String> warnings = new ArrayList<>();
  private ClassifierCache cache;

  @BeforeEach
  void open() {
    cache =
        new ClassifierCache(
            Storage.at(directory.toUri().toString(), new Configuration()), warnings::add);
  }

  private static byte[] archive(int label) throws IOException {
    return DigitClassifier.train(new byte[1][784], new int[] {label}, images -> {}).write();
  }

  private Path file(String name) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(each -> each.getFileName().toString().equals(name)).findFirst().get();
    }
  }

  @Test
  void givesBackWhatItWasGiven() throws IOException {
    assertThat(cache.find(SET)).isEmpty();
    byte[] archive = archive(3);
    cache.keep(SET, new Trained(archive, 0.9912));
    Trained kept = cache.find(SET).orElseThrow();
    assertThat(kept.archive()).isEqualTo(archive);
    assertThat(kept.testAccuracy()).isEqualTo(0.9912);
    assertThat(cache.find("f" + SET)).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.zip", "state.json", "SHA256SUMS"})
  void aDamagedOneIsNoticed(String name) throws IOException {
    cache.keep(SET, new Trained(archive(3), 0.9912));
    byte[] bytes = Files.readAllBytes(file(name));
    bytes[0]++;
    Files.write(file(name), bytes);
    assertThat(cache.find(SET)).isEmpty();
    assertThat(warnings).singleElement().asString().contains("is damaged", "trained anew");

    byte[] another = archive(4);
    cache.keep(SET, new Trained(another, 0.5));
    assertThat(cache.find(SET).orElseThrow().archive()).isEqualTo(another);
  }

  @Test
  void oneThatIsNoClassifierIsNoticed() {
    cache.keep(SET, new Trained(new byte[] {1, 2, 3}, 0.9912));
    assertThat(cache.find(SET)).isEmpty();
    assertThat(warnings).singleElement().asString().contains("is damaged", "trained anew");
  }
}
