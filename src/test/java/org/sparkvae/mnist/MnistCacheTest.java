package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistCacheTest {
  private static final ExpectedFile FILE = IdxFixture.expectedFiles().get(1);
  private static final byte[] CONTENT = IdxFixture.content(FILE.name());

  @TempDir Path directory;

  private MnistCache cache() {
    return new MnistCache(directory, List.of(FILE));
  }

  private static InputStream stream(byte[] content) {
    return new ByteArrayInputStream(content);
  }

  @Test
  void containsStoredFiles() throws IOException {
    MnistCache cache = new MnistCache(directory.resolve("a/b"), List.of(FILE));
    List<String> messages = new ArrayList<>();

    assertThat(cache.missingFiles(messages::add)).containsExactly(FILE);
    cache.store(FILE, stream(CONTENT));

    assertThat(cache.missingFiles(messages::add)).isEmpty();
    assertThat(messages).isEmpty();
    assertThat(cache.directory().resolve(FILE.name())).hasBinaryContent(CONTENT);
    assertThat(IdxFixture.namesIn(cache.directory())).containsExactly(FILE.name());
  }

  @Test
  void deletesStaleTemporaryFilesOnly() throws IOException {
    Path old = Files.createFile(directory.resolve("." + FILE.name() + "1.part"));
    Path young = Files.createFile(directory.resolve("." + FILE.name() + "2.part"));
    Files.setLastModifiedTime(
        old, FileTime.from(Instant.now().minus(Duration.ofDays(1)).minusSeconds(60)));

    cache().store(FILE, stream(CONTENT));

    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  /** A link without target is listed but cannot be read, like a file that is renamed meanwhile. */
  @Test
  void ignoresTemporaryFilesThatDisappear() throws IOException {
    Files.createSymbolicLink(
        directory.resolve("." + FILE.name() + "1.part"), directory.resolve("renamed"));

    cache().store(FILE, stream(CONTENT));

    assertThat(cache().contains(FILE)).isTrue();
  }

  @Test
  void replacesADamagedFile() throws IOException {
    byte[] damaged = CONTENT.clone();
    damaged[20] ^= 1;
    Files.write(directory.resolve(FILE.name()), damaged);
    List<String> messages = new ArrayList<>();

    assertThat(cache().missingFiles(messages::add)).containsExactly(FILE);
    assertThat(messages).singleElement().asString().contains(FILE.name(), "damaged");
    cache().store(FILE, stream(CONTENT));

    assertThat(cache().contains(FILE)).isTrue();
  }

  @Test
  void leavesNothingOfWrongContent() throws IOException {
    byte[] wrong = CONTENT.clone();
    wrong[20] ^= 1;

    assertThatThrownBy(() -> cache().store(FILE, stream(wrong)))
        .hasMessageContaining("expected SHA-256 " + FILE.sha256());
    assertThat(IdxFixture.namesIn(directory)).isEmpty();
  }

  @Test
  void readsOneByteBeyondTheExpectedLength() throws IOException {
    InputStream tooLong = stream(ArrayUtils.addAll(CONTENT, new byte[1000]));

    assertThatThrownBy(() -> cache().store(FILE, tooLong))
        .hasMessageContaining("expected " + CONTENT.length + " bytes, found more");
    assertThat(tooLong.available()).isEqualTo(999);
    assertThat(IdxFixture.namesIn(directory)).isEmpty();
  }

  @Test
  void supportsConcurrentStores() throws IOException {
    InputStream interleaved =
        new ProxyInputStream(stream(CONTENT)) {
          private boolean first = true;

          @Override
          protected void beforeRead(int length) throws IOException {
            if (first) {
              first = false;
              cache().store(FILE, stream(CONTENT));
            }
          }
        };

    cache().store(FILE, interleaved);

    assertThat(cache().contains(FILE)).isTrue();
    assertThat(IdxFixture.namesIn(directory)).containsExactly(FILE.name());
  }

  @Test
  void keepsIntactFileWhenALaterStoreFails() throws IOException {
    cache().store(FILE, stream(CONTENT));

    assertThatThrownBy(() -> cache().store(FILE, stream(new byte[3])))
        .isInstanceOf(IOException.class);
    assertThat(cache().contains(FILE)).isTrue();
  }
}
