package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HolderTest {
  @Test
  void isWrittenAndReadBack() {
    Holder own = Holder.thisProcess();
    assertThat(Holder.parse(own.json())).contains(own);
    assertThat(own.isInSight()).isTrue();
    assertThat(own.lives()).isTrue();
    for (Map.Entry<String, Holder> other :
        Map.of(
                "host", new Holder("x", own.machine(), own.pid(), own.ticks(), own.since()),
                "machine", new Holder(own.host(), "x", own.pid(), own.ticks(), own.since()))
            .entrySet()) {
      assertThat(other.getValue().isInSight()).as(other.getKey()).isFalse();
    }
  }
}
