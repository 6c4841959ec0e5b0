package org.sparkvae.training.spark;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.nd4j.common.util.SerializationUtils;
import org.nd4j.parameterserver.distributed.v2.chunks.VoidChunk;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;
import org.nd4j.parameterserver.distributed.v2.util.MessageSplitter;

/**
 * A splitter of messages that serializes a message once, in memory.
 *
 * <p>Deeplearning4j's own splitter serializes a message again for every recipient, into a temporary
 * file. The driver relays the updates of all executors to all others in a single thread, if it has
 * two cores. With eight executors that thread was too slow, and most updates arrived when the epoch
 * had ended.
 */
final class MemoryMessageSplitter extends MessageSplitter {
  private volatile Split last = new Split(null, 0, List.of());

  /** The chunks of a message. */
  private record Split(VoidMessage message, int maxBytes, List<VoidChunk> chunks) {}

  /** Makes all transports that start later in this process use such a splitter. */
  static void install() {
    if (!(getInstance() instanceof MemoryMessageSplitter)) {
      LibraryConstants.replace(MessageSplitter.class, "INSTANCE", new MemoryMessageSplitter());
    }
  }

  @Override
  public Collection<VoidChunk> split(VoidMessage message, int maxBytes) {
    Split split = last;
    // Deeplearning4j splits the same message for each recipient in turn.
    if (split.message != message || split.maxBytes != maxBytes) {
      split = new Split(message, maxBytes, chunks(message, maxBytes));
      last = split;
    }
    return split.chunks;
  }

  private static List<VoidChunk> chunks(VoidMessage message, int maxBytes) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    SerializationUtils.serialize(message, stream);
    byte[] bytes = stream.toByteArray();
    List<VoidChunk> chunks = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += maxBytes) {
      chunks.add(
          VoidChunk.builder()
              .messageId(UUID.randomUUID().toString())
              .originalId(message.getMessageId())
              .chunkId(chunks.size())
              .numberOfChunks((bytes.length + maxBytes - 1) / maxBytes)
              .splitSize(maxBytes)
              .payload(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + maxBytes)))
              .totalSize(bytes.length)
              .build());
    }
    return chunks;
  }
}
