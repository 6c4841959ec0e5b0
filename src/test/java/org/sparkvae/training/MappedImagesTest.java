package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedImagesTest {
  private static final int COUNT = 3_000_000;

  @TempDir Path directory;

  /** The file is sparse: it has holes for all images but one, and takes no disk space. */
  @Test
  void readsImagesBeyondTwoGigabytes() throws IOException {
    byte[] last = new byte[784];
    last[0] = 7;
    last[783] = 9;
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("images"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(last), (COUNT - 1) * 784L);
      MappedImages images = MappedImages.map(channel, COUNT);

      assertThat(images.pixels(COUNT - 1)).isEqualTo(last);
      assertThat(images.pixels(COUNT - 2)).containsOnly(0);
      assertThat(images.pixels(0)).containsOnly(0);
    }
  }
}
