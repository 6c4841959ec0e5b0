package org.sparkvae.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;

/**
 * An exchange in which each task of a stage sends one text to all others, through the driver, which
 * has an instance of this class. Spark's {@code BarrierTaskContext.allGather} does the same, but
 * takes at least a second.
 */
public final class TaskAllGather {
  private static final long FIRST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long MAX_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private Stage current = new Stage(-1, -1);
  private String[] texts = {};

  /** An attempt to run a stage. Spark numbers the stages and the attempts of a stage in order. */
  private record Stage(int id, int attempt) implements Serializable {
    boolean isBefore(Stage other) {
      return id < other.id || (id == other.id && attempt < other.attempt);
    }
  }

  /**
   * A message from a task to the driver, which answers with all texts, or with null until it has
   * received all.
   */
  record Message(int stage, int attempt, int partition, int partitions, String text)
      implements Serializable {}

  /**
   * Sends a text to all tasks of the stage and waits for theirs.
   *
   * @return the texts of all tasks, in the order of their partitions
   */
  public static List<String> allGather(String text) {
    TaskContext task = TaskContext.get();
    Message message =
        new Message(
            task.stageId(),
            task.stageAttemptNumber(),
            task.partitionId(),
            task.numPartitions(),
            text);
    for (long pause = FIRST_POLL_NANOS; ; pause = Math.min(2 * pause, MAX_POLL_NANOS)) {
      String[] all = (String[]) SparkVaePlugin.ask(message);
      if (all != null) {
        return List.of(all);
      }
      task.killTaskIfInterrupted();
      LockSupport.parkNanos(pause);
    }
  }

  /** Stores a task's text and returns the texts of all tasks, or null if one is missing. */
  synchronized String[] receive(Message message) {
    Stage stage = new Stage(message.stage, message.attempt);
    if (stage.isBefore(current)) {
      return null;
    }
    if (!stage.equals(current)) {
      current = stage;
      texts = new String[message.partitions];
    }
    texts[message.partition] = message.text;
    return Arrays.stream(texts).allMatch(Objects::nonNull) ? texts.clone() : null;
  }
}
