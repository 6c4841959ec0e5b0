package org.sparkvae.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LockOwnerTest {
  @Test
  void parsesItsOwnJson() {
    LockOwner own = LockOwner.thisProcess();
    assertThat(LockOwner.parse(own.json())).contains(own);
    assertThat(own.isCheckable()).isTrue();
    assertThat(own.isAlive()).isTrue();
    for (Map.Entry<String, LockOwner> other :
        Map.of(
                "host", new LockOwner("x", own.machine(), own.pid(), own.ticks(), own.since()),
                "machine", new LockOwner(own.host(), "x", own.pid(), own.ticks(), own.since()))
            .entrySet()) {
      assertThat(other.getValue().isCheckable()).as(other.getKey()).isFalse();
    }
  }
}
