package org.sparkvae.training;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sparkvae.storage.Storage;

/** What a run keeps of its epochs: {@code checkpoints/}, and {@code history.csv} made from them. */
public final class CheckpointStore {
  private static final String HISTORY = "history.csv";

  private final Storage run;
  private final CheckpointDirectory checkpoints;

  /**
   * Looks into a run's directory.
   *
   * @param warnings hears of damaged checkpoints
   */
  public CheckpointStore(Storage run, Consumer<String> warnings) {
    this.run = run;
    this.checkpoints = new CheckpointDirectory(run.in("checkpoints"), warnings);
  }

  /** The newest checkpoint that is whole; {@code history.csv} ends where it does afterwards. */
  public Optional<Checkpoint> latest() {
    Optional<Checkpoint> latest = checkpoints.latest();
    latest.ifPresent(this::writeHistory);
    return latest;
  }

  /** Keeps an epoch: first its checkpoint, from which whatever is lost afterwards is made good. */
  public void keep(Checkpoint checkpoint) {
    checkpoints.write(checkpoint);
    List<EpochRecord> epochs = checkpoint.history();
    String before = History.csv(epochs.subList(0, epochs.size() - 1));
    if (!before.isEmpty() && run.has(HISTORY) && run.readText(HISTORY).equals(before)) {
      // In its place, so that it can be followed.
      run.append(HISTORY, History.csv(epochs).substring(before.length()));
    } else {
      writeHistory(checkpoint);
    }
  }

  private void writeHistory(Checkpoint checkpoint) {
    run.writeText(HISTORY, History.csv(checkpoint.history()));
  }
}
