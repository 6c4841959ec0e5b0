package org.sparkvae.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;

/**
 * An exchange of texts between all tasks of a barrier stage. Each task sends its text to the driver
 * and polls it for the texts of the others. Spark's {@code BarrierTaskContext.allGather} does the
 * same, but takes at least a second.
 */
public final class TaskAllGather {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private StageAttempt current = new StageAttempt(-1, -1);
  private String[] texts = {};

  /** Creates the driver's part of the exchange. */
  TaskAllGather() {}

  /** Spark numbers the stages, and the attempts of a stage, in their order. */
  private record StageAttempt(int stage, int attempt) {
    boolean isBefore(StageAttempt other) {
      return stage < other.stage || (stage == other.stage && attempt < other.attempt);
    }
  }

  /** A task's text, which the task sends again until the driver answers with all texts. */
  record TextMessage(int stage, int attempt, int partition, int partitions, String text)
      implements Serializable {}

  /**
   * Sends a text to all tasks of this task's stage and waits for theirs.
   *
   * @return the texts of all tasks, in the order of their partitions
   */
  public static List<String> allGather(String text) {
    TaskContext task = TaskContext.get();
    TextMessage message =
        new TextMessage(
            task.stageId(),
            task.stageAttemptNumber(),
            task.partitionId(),
            task.numPartitions(),
            text);
    for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(2 * pause, MAX_PAUSE_NANOS)) {
      String[] all = (String[]) SparkVaePlugin.ask(message);
      if (all != null) {
        return List.of(all);
      }
      task.killTaskIfInterrupted();
      LockSupport.parkNanos(pause);
    }
  }

  /**
   * Stores a task's text on the driver.
   *
   * @return the texts of all tasks, or null if one is missing. A task of an earlier attempt always
   *     gets null, because Spark ends it.
   */
  synchronized String[] receive(TextMessage message) {
    StageAttempt sender = new StageAttempt(message.stage, message.attempt);
    if (sender.isBefore(current)) {
      return null;
    }
    if (!sender.equals(current)) {
      current = sender;
      texts = new String[message.partitions];
    }
    texts[message.partition] = message.text;
    return Arrays.stream(texts).allMatch(Objects::nonNull) ? texts.clone() : null;
  }
}
