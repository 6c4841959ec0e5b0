package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.storage.Storage;
import org.sparkvae.testing.SmallModels;

class TrainingLoopTest {
  private static final int IMAGES = 5;
  private static final int BATCH_SIZE = 2;
  private static final long SEED = 9;

  @TempDir Path directory;
  private final List<String> events = new ArrayList<>();
  private final ComputationGraph model = SmallModels.untrained(SmallModels.SMALLEST);

  private Storage run() {
    return Storage.at(directory.toString());
  }

  private CheckpointStore store() {
    return new CheckpointStore(run(), warning -> events.add("warning " + warning));
  }

  private CheckpointDirectory checkpoints() {
    return new CheckpointDirectory(
        run().child("checkpoints"), warning -> events.add("warning " + warning));
  }

  /** A simulated epoch, which changes the model and reports losses. */
  private interface EpochSimulation {
    void train(int epoch, Consumer<MinibatchLoss> losses);
  }

  private void trainCompletely(int epoch, Consumer<MinibatchLoss> losses) {
    model.params().addi(epoch);
    losses.accept(new MinibatchLoss(1, 0.5, 2));
    losses.accept(new MinibatchLoss(2, 0.5, 2));
    losses.accept(new MinibatchLoss(3, 0.25, 1));
  }

  private List<EpochRecord> runLoop(
      List<EpochRecord> history, int epochs, EpochSimulation simulation) {
    Trainer trainer =
        new Trainer() {
          @Override
          public double trainEpoch(int epoch, Consumer<TrainedMinibatch> trained) {
            EpochPermutation permutation = new EpochPermutation(SEED, epoch, IMAGES);
            long[] keys = TrainedMinibatch.keys(permutation, epoch, IMAGES, BATCH_SIZE, SEED);
            AtomicInteger next = new AtomicInteger();
            simulation.train(
                epoch,
                loss -> trained.accept(new TrainedMinibatch(keys[next.getAndIncrement()], loss)));
            return 0.25;
          }

          @Override
          public int workers() {
            return 1;
          }

          @Override
          public Map<String, String> backends() {
            return Map.of();
          }

          @Override
          public int batchSize() {
            return BATCH_SIZE;
          }

          @Override
          public ComputationGraph model() {
            return model;
          }

          @Override
          public void close() {
            events.add("closed");
          }
        };
    TrainingProgress progress =
        new TrainingProgress() {
          @Override
          public void epochStarted(int epoch, int epochs, int images) {
            events.add("started %d/%d with %d images".formatted(epoch, epochs, images));
          }

          @Override
          public void minibatchTrained(MinibatchLoss loss) {
            events.add("minibatch of " + loss.images());
          }

          @Override
          public void epochFinished(EpochRecord record, int epochs) {
            assertThat(run().child("checkpoints").list()).contains("epoch-000" + record.epoch());
            events.add("finished %d/%d".formatted(record.epoch(), epochs));
          }
        };
    return new TrainingLoop(
            trainer, store()::save, tested -> new MinibatchLoss(7, 0.75, 10), progress)
        .run(history, epochs, IMAGES, SEED);
  }

  @Test
  void savesEveryEpochInHistoryAndCheckpoint() {
    List<EpochRecord> records = runLoop(List.of(), 2, this::trainCompletely);

    assertThat(records).extracting(EpochRecord::epoch).containsExactly(1, 2);
    EpochRecord first = records.get(0);
    assertThat(first.trainLossLast()).isEqualTo(3.25);
    assertThat(first.bceMean()).isEqualTo((2 + 4 + 3) / 5.0);
    assertThat(first.regTermMean()).isEqualTo((1 + 1 + 0.25) / 5);
    assertThat(first.testBce()).isEqualTo(7);
    assertThat(first.testRegTerm()).isEqualTo(0.75);
    assertThat(first.examples()).isEqualTo(IMAGES);
    assertThat(first.seconds()).isPositive();
    assertThat(first.drift()).isEqualTo(0.25);
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(records);
    Checkpoint latest = checkpoints().latest().orElseThrow();
    assertThat(latest.epoch()).isEqualTo(2);
    assertThat(latest.history()).isEqualTo(records);
    assertThat(latest.model().params()).isEqualTo(model.params());
    assertThat(events)
        .containsExactly(
            "started 1/2 with 5 images",
            "minibatch of 2",
            "minibatch of 2",
            "minibatch of 1",
            "finished 1/2",
            "started 2/2 with 5 images",
            "minibatch of 2",
            "minibatch of 2",
            "minibatch of 1",
            "finished 2/2");
  }

  @Test
  void resumesAfterTheLastEpochAndKeepsItsHistory() {
    List<EpochRecord> before = runLoop(List.of(), 1, this::trainCompletely);
    events.clear();
    List<Integer> trained = new ArrayList<>();

    List<EpochRecord> after =
        runLoop(
            before,
            3,
            (epoch, losses) -> {
              trained.add(epoch);
              trainCompletely(epoch, losses);
            });

    assertThat(trained).containsExactly(2, 3);
    assertThat(after).hasSize(3).startsWith(before.get(0));
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(after);
  }

  /** A run can be killed after the checkpoint and before the history is written. */
  @Test
  void restoresHistoryFromCheckpointIfNoEpochIsLeftToTrain() {
    List<EpochRecord> records = runLoop(List.of(), 1, this::trainCompletely);
    run().delete("history.csv");
    assertThat(store().restoreLatest()).map(Checkpoint::history).contains(records);
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(records);
  }

  @Test
  void nonFiniteLossKeepsThePreviousCheckpoint() {
    List<EpochRecord> saved = runLoop(List.of(), 1, this::trainCompletely);
    assertThatThrownBy(
            () ->
                runLoop(
                    saved,
                    3,
                    (epoch, losses) -> {
                      model.params().addi(1);
                      losses.accept(new MinibatchLoss(Double.NaN, 0, 2));
                    }))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining("epoch 2");
    assertOnlyEpoch1IsSaved(saved);
  }

  /** The trainer stops the epoch, before or after the loss has arrived. */
  @Test
  void reportsADivergenceThatStopsTheEpoch() {
    List<EpochRecord> saved = runLoop(List.of(), 1, this::trainCompletely);
    for (boolean lossArrives : new boolean[] {false, true}) {
      assertThatThrownBy(
              () ->
                  runLoop(
                      saved,
                      3,
                      (epoch, losses) -> {
                        if (lossArrives) {
                          losses.accept(new MinibatchLoss(Double.NaN, 0, 2));
                        }
                        throw new DivergenceException("stopped");
                      }))
          .isInstanceOf(DivergenceException.class)
          .hasMessageContaining(lossArrives ? "epoch 2: the loss became NaN" : "stopped");
    }
    assertOnlyEpoch1IsSaved(saved);
  }

  @Test
  void reportsNonFiniteParameterAsDivergence() {
    List<EpochRecord> saved = runLoop(List.of(), 1, this::trainCompletely);
    assertThatThrownBy(
            () ->
                runLoop(
                    saved,
                    3,
                    (epoch, losses) -> {
                      trainCompletely(epoch, losses);
                      model.params().putScalar(3, Float.NaN);
                    }))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContainingAll("epoch 2", "parameter");
    assertOnlyEpoch1IsSaved(saved);
  }

  @Test
  void doesNotSaveIncompleteEpoch() {
    List<EpochRecord> saved = runLoop(List.of(), 1, this::trainCompletely);
    assertThatThrownBy(
            () ->
                runLoop(
                    saved,
                    3,
                    (epoch, losses) -> {
                      model.params().addi(1);
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "each of 3 minibatches must be trained exactly once. Not trained: 3.");
    assertOnlyEpoch1IsSaved(saved);
  }

  @Test
  void rejectsEpochThatDoesNotChangeTheModel() {
    assertThatThrownBy(
            () ->
                runLoop(
                    List.of(),
                    1,
                    (epoch, losses) -> {
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                      losses.accept(new MinibatchLoss(1, 0.5, 1));
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("training did not change the model");
    assertThat(checkpoints().latest()).isEmpty();
  }

  private void assertOnlyEpoch1IsSaved(List<EpochRecord> history) {
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(1);
    assertThat(run().child("checkpoints").list()).containsExactly("epoch-0001");
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(history);
  }

  /** A user can follow the file with {@code tail -f}. */
  @Test
  void appendsToTheSameHistoryFile() throws Exception {
    List<EpochRecord> records = runLoop(List.of(), 1, this::trainCompletely);
    Object file = Files.getAttribute(directory.resolve("history.csv"), "unix:ino");
    records = runLoop(records, 3, this::trainCompletely);
    assertThat(Files.getAttribute(directory.resolve("history.csv"), "unix:ino")).isEqualTo(file);
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(records).hasSize(3);
  }
}
