package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.exception.InputDataException;

class HadoopFolderTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "hdfs://host:8020/mnist, true",
    "s3a://bucket/mnist, true",
    "file:/mnist, true",
    "/mnist, false",
    "data/mnist, false",
    "a:b, false"
  })
  void recognizesUris(String folder, boolean isUri) {
    assertThat(HadoopFolder.isUri(folder)).isEqualTo(isUri);
  }

  @Test
  void readsTheSameSetAsFromTheDisk() throws IOException {
    IdxFixture.writeSet(directory);
    Files.createDirectory(directory.resolve("other"));

    assertThat(HadoopFolder.verify(directory.toUri().toString()).checksum())
        .isEqualTo(new IdxFolder(directory).verify().checksum());
  }

  @Test
  void errorsNameTheUri() throws IOException {
    IdxFixture.writeSet(directory);
    Files.write(directory.resolve("t10k-labels-idx1-ubyte"), new byte[3]);
    String uri = "file:" + directory;

    assertThatThrownBy(() -> HadoopFolder.verify(uri))
        .isInstanceOf(InputDataException.class)
        .hasMessageContaining(uri + "/t10k-labels-idx1-ubyte");
    assertThatThrownBy(() -> HadoopFolder.verify(uri + "/absent"))
        .isInstanceOf(InputDataException.class)
        .hasMessageStartingWith("--data: %s/absent does not exist.", uri);
  }
}
