package org.sparkvae.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A writer of Hugging Face's safetensors format. A file contains the length of a JSON header in 8
 * bytes, the header (padded with spaces to a multiple of 8 bytes) and the values of all tensors.
 * All numbers are little-endian.
 */
final class Safetensors {
  private static final int ALIGNMENT = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Safetensors() {}

  /**
   * Writes tensors in the order of the map.
   *
   * @param tensors tensors by name
   * @param metadata entries for the header's {@code __metadata__}
   * @param target stream that receives the file
   */
  static void write(Map<String, Tensor> tensors, Map<String, String> metadata, OutputStream target)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.set("__metadata__", JSON.valueToTree(metadata));
    long offset = 0;
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      long end = offset + (long) Float.BYTES * tensor.getValue().values().length;
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", "F32");
      entry.set("shape", JSON.valueToTree(tensor.getValue().shape()));
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] text = JSON.writeValueAsBytes(header);
    int padding = -text.length & (ALIGNMENT - 1);
    new DataOutputStream(target).writeLong(Long.reverseBytes(text.length + padding));
    target.write(text);
    target.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    for (Tensor tensor : tensors.values()) {
      byte[] bytes = new byte[Float.BYTES * tensor.values().length];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.values());
      target.write(bytes);
    }
  }
}
