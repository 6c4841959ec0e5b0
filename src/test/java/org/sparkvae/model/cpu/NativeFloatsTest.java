package org.sparkvae.model.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.model.NativeBackend;

class NativeFloatsTest {
  @BeforeAll
  static void selectNativeLibrary() {
    NativeBackend.select();
  }

  /** A buffer of Java has at most 2 GiB. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 5})
  void readsAndWritesBeyondTheBuffer(int limit) {
    FloatPointer memory = new FloatPointer(1, 2, 3, 4, 5);
    NativeFloats floats = new NativeFloats(memory, memory.asBuffer().limit(limit), memory);
    floats.write(1, new float[] {0, 20, 30}, 1, 2);
    float[] read = new float[3];
    floats.read(1, read, 3);
    assertThat(read).containsExactly(20, 30, 4);
  }

  /** An array of CUDA has no host memory until it is copied there. */
  @Test
  void rejectsAnArrayInTheMemoryOfAGpu() {
    DataBuffer withoutHostMemory = proxy(DataBuffer.class, null);
    INDArray array = proxy(INDArray.class, withoutHostMemory);

    assertThatThrownBy(() -> NativeFloats.of(array))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("An array is in the memory of a GPU");
  }

  /** Returns an object whose methods all return the same value. */
  private static <T> T proxy(Class<T> type, Object result) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> result));
  }
}
