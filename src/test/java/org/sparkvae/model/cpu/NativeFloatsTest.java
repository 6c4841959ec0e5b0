package org.sparkvae.model.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
}
