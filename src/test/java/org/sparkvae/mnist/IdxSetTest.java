package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;

class IdxSetTest {
  private static final List<String> MNIST =
      ExpectedFile.MNIST.stream().map(ExpectedFile::sha256).toList();

  private static IdxSet set(List<String> sha256) {
    List<IdxFile> files =
        sha256.stream().map(digest -> new IdxFile(Path.of("any"), 1, digest)).toList();
    return new IdxSet(
        new IdxPair(files.get(0), files.get(1)), new IdxPair(files.get(2), files.get(3)));
  }

  @Test
  void recognizesMnistByContent() {
    IdxSet set = set(MNIST);

    assertThat(set.name()).isEqualTo("MNIST");
    // printf '%s' DIGEST DIGEST DIGEST DIGEST | sha256sum
    assertThat(set.checksum())
        .isEqualTo("c65580678af93f1ea48c2c0d01d543ec89307c6b8a0eb7ca542d7c18c5f4c681");
  }

  @Test
  void namesOtherSetsByChecksum() {
    List<String> swapped = List.of(MNIST.get(2), MNIST.get(1), MNIST.get(0), MNIST.get(3));
    IdxSet set = set(swapped);

    assertThat(set.checksum()).isEqualTo(DigestUtils.sha256Hex(String.join("", swapped)));
    assertThat(set.name()).isEqualTo("IDX set " + set.checksum().substring(0, 8));
  }

  @Test
  void listsChecksumsInFileOrder() {
    assertThat(set(MNIST).sha256().keySet())
        .containsExactlyElementsOf(ExpectedFile.MNIST.stream().map(ExpectedFile::name).toList());
    assertThat(set(MNIST).sha256().values()).containsExactlyElementsOf(MNIST);
  }
}
