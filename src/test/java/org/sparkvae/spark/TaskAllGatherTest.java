package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TaskAllGatherTest {
  private final TaskAllGather allGather = new TaskAllGather();

  @Test
  void answersWithTheTextsOfOneAttemptOfAStage() {
    assertThat(send(7, 0, 0, "old 0")).isNull();
    assertThat(send(7, 1, 1, "b")).isNull();
    // A task of the failed attempt may still send its text.
    assertThat(send(7, 0, 1, "old 1")).isNull();
    assertThat(send(7, 1, 1, "b")).isNull();
    assertThat(send(7, 1, 0, "a")).containsExactly("a", "b");
    assertThat(send(7, 1, 1, "b")).containsExactly("a", "b");

    assertThat(send(9, 0, 0, "c")).isNull();
    assertThat(send(9, 0, 1, "d")).containsExactly("c", "d");
  }

  private String[] send(int stage, int attempt, int partition, String text) {
    return allGather.receive(new TaskAllGather.TextMessage(stage, attempt, partition, 2, text));
  }
}
