package org.sparkvae.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The content of a file in Hugging Face's safetensors format. A file contains the length of a JSON
 * header in 8 bytes, the header (padded with spaces to a multiple of 8 bytes) and the values of all
 * tensors. All numbers are little-endian.
 */
final class Safetensors {
  private static final int ALIGNMENT = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Safetensors() {}

  /**
   * Returns a file with tensors in the order of the map and in single precision.
   *
   * @param tensors tensors by name, with any order and strides
   * @param metadata entries for the header's {@code __metadata__}
   */
  static byte[] bytes(Map<String, INDArray> tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    header.set("__metadata__", JSON.valueToTree(metadata));
    long offset = 0;
    for (Map.Entry<String, INDArray> tensor : tensors.entrySet()) {
      long end = offset + Float.BYTES * tensor.getValue().length();
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", "F32");
      entry.set("shape", JSON.valueToTree(tensor.getValue().shape()));
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = -text.length & (ALIGNMENT - 1);
    long size = Long.BYTES + text.length + padding + offset;
    ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length + padding).put(text);
    file.put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    for (INDArray tensor : tensors.values()) {
      for (float value : tensor.dup('c').reshape(tensor.length()).toFloatVector()) {
        file.putFloat(value);
      }
    }
    return file.array();
  }
}
