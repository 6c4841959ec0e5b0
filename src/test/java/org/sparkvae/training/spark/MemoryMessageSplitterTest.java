package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.parameterserver.distributed.v2.chunks.VoidChunk;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.GradientsUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.util.MessageSplitter;

class MemoryMessageSplitterTest {
  private static final int CHUNK_BYTES = 1 << 16;

  private final MemoryMessageSplitter splitter = new MemoryMessageSplitter();
  private final GradientsUpdateMessage message = message("a");

  @Test
  void deeplearning4jMergesTheChunks() {
    MessageSplitter receiver = new MessageSplitter();
    VoidMessage merged = null;
    for (VoidChunk chunk : splitter.split(message, CHUNK_BYTES)) {
      assertThat(merged).isNull();
      assertThat(chunk.getPayload().length).isLessThanOrEqualTo(CHUNK_BYTES);
      merged = receiver.<VoidMessage>merge(chunk, Long.MAX_VALUE).orElse(null);
    }
    assertThat(merged).isInstanceOf(GradientsUpdateMessage.class);
    assertThat(((GradientsUpdateMessage) merged).getPayload()).isEqualTo(message.getPayload());
    assertThat(merged.getMessageId()).isEqualTo("a");
  }

  @Test
  void serializesAMessageOnceForAllRecipients() {
    Collection<VoidChunk> chunks = splitter.split(message, CHUNK_BYTES);
    assertThat(splitter.split(message, CHUNK_BYTES)).isSameAs(chunks);
    assertThat(splitter.split(message("b"), CHUNK_BYTES))
        .extracting(VoidChunk::getOriginalId)
        .containsOnly("b");
  }

  @Test
  void laterTransportsUseIt() {
    MemoryMessageSplitter.install();
    assertThat(MessageSplitter.getInstance()).isInstanceOf(MemoryMessageSplitter.class);
  }

  private static GradientsUpdateMessage message(String id) {
    return new GradientsUpdateMessage(id, Nd4j.linspace(0, 1, 50_000));
  }
}
