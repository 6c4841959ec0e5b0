package org.sparkvae.training;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sparkvae.storage.Storage;

/**
 * The training progress that a run stores: its checkpoints, and {@code history.csv} with the
 * metrics of all epochs. Training saves each epoch here and resumes from here. {@link
 * CheckpointDirectory} defines the files of the checkpoints; this class keeps {@code history.csv}
 * equal to the newest checkpoint.
 */
public final class CheckpointStore {
  private static final String HISTORY = "history.csv";
  private static final String CHECKPOINTS = "checkpoints";

  private final Storage runDirectory;
  private final CheckpointDirectory checkpoints;

  /**
   * Creates a store in a run's directory.
   *
   * @param warnings the consumer of warnings about damaged checkpoints
   */
  public CheckpointStore(Storage runDirectory, Consumer<String> warnings) {
    this.runDirectory = runDirectory;
    this.checkpoints = new CheckpointDirectory(runDirectory.child(CHECKPOINTS), warnings);
  }

  /** Returns the path of a checkpoint's model in the run's directory. */
  public static String modelFile(Checkpoint checkpoint) {
    return "%s/%s/%s"
        .formatted(
            CHECKPOINTS, CheckpointDirectory.name(checkpoint.epoch()), CheckpointDirectory.MODEL);
  }

  /** Returns the newest intact checkpoint and rewrites {@code history.csv} to match it. */
  public Optional<Checkpoint> restoreLatest() {
    Optional<Checkpoint> latest = checkpoints.latest();
    latest.ifPresent(this::writeHistory);
    return latest;
  }

  /**
   * Saves an epoch. The checkpoint is written first, because {@code history.csv} can be rebuilt
   * from it.
   */
  public void save(Checkpoint checkpoint) {
    checkpoints.write(checkpoint);
    List<EpochRecord> epochs = checkpoint.history();
    String before = History.csv(epochs.subList(0, epochs.size() - 1));
    if (!before.isEmpty()
        && runDirectory.exists(HISTORY)
        && runDirectory.readText(HISTORY).equals(before)) {
      // Append to the same file, so that a user can follow it.
      runDirectory.append(HISTORY, History.csv(epochs).substring(before.length()));
    } else {
      writeHistory(checkpoint);
    }
  }

  private void writeHistory(Checkpoint checkpoint) {
    runDirectory.writeText(HISTORY, History.csv(checkpoint.history()));
  }
}
