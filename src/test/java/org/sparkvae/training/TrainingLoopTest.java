package org.sparkvae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.storage.Storage;

class TrainingLoopTest {
  private static final int IMAGES = 5;
  private static final int BATCH_SIZE = 2;
  private static final long SEED = 9;

  @TempDir Path directory;
  private final List<String> events = new ArrayList<>();
  private final ComputationGraph model = SmallModel.untrained();

  private Storage run() {
    return Storage.at(directory.toString(), new Configuration());
  }

  private CheckpointStore kept() {
    return new CheckpointStore(run(), warning -> events.add("warning " + warning));
  }

  private CheckpointDirectory checkpoints() {
    return new CheckpointDirectory(
        run().in("checkpoints"), warning -> events.add("warning " + warning));
  }

  /** What an epoch does to the model, and the losses it reports. */
  private interface Epoch {
    void train(int epoch, Consumer<MinibatchLoss> losses);
  }

  private void whole(int epoch, Consumer<MinibatchLoss> losses) {
    model.params().addi(epoch);
    losses.accept(new MinibatchLoss(1, 0.5, 2));
    losses.accept(new MinibatchLoss(2, 0.5, 2));
    losses.accept(new MinibatchLoss(3, 0.25, 1));
  }

  private List<EpochRecord> loop(List<EpochRecord> history, int epochs, Epoch training) {
    Trainer trainer =
        new Trainer() {
          @Override
          public double epoch(int epoch, Consumer<TrainedMinibatch> trained) {
            EpochPermutation order = new EpochPermutation(SEED, epoch, IMAGES);
            long[] keys = TrainedMinibatch.keys(order, epoch, IMAGES, BATCH_SIZE, SEED);
            AtomicInteger next = new AtomicInteger();
            training.train(
                epoch,
                loss -> trained.accept(new TrainedMinibatch(keys[next.getAndIncrement()], loss)));
            return 0.25;
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
          public void epochStarted(int epoch, int of, int images) {
            events.add("started %d/%d of %d".formatted(epoch, of, images));
          }

          @Override
          public void minibatch(MinibatchLoss loss) {
            events.add("minibatch of " + loss.images());
          }

          @Override
          public void epochDone(EpochRecord record, int of) {
            assertThat(run().in("checkpoints").names()).contains("epoch-000" + record.epoch());
            events.add("done %d/%d".formatted(record.epoch(), of));
          }
        };
    return new TrainingLoop(
            trainer, kept()::keep, tested -> new MinibatchLoss(7, 0.75, 10), progress)
        .run(history, epochs, IMAGES, BATCH_SIZE, SEED);
  }

  @Test
  void keepsEveryEpochInHistoryAndCheckpoint() {
    List<EpochRecord> records = loop(List.of(), 2, this::whole);

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
            "started 1/2 of 5",
            "minibatch of 2",
            "minibatch of 2",
            "minibatch of 1",
            "done 1/2",
            "started 2/2 of 5",
            "minibatch of 2",
            "minibatch of 2",
            "minibatch of 1",
            "done 2/2");
  }

  @Test
  void goesOnAfterTheLastEpochAndKeepsItsHistory() {
    List<EpochRecord> before = loop(List.of(), 1, this::whole);
    events.clear();
    List<Integer> trained = new ArrayList<>();

    List<EpochRecord> after =
        loop(
            before,
            3,
            (epoch, losses) -> {
              trained.add(epoch);
              whole(epoch, losses);
            });

    assertThat(trained).containsExactly(2, 3);
    assertThat(after).hasSize(3).startsWith(before.get(0));
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(after);
  }

  /** A run killed between the checkpoint and the history has its history made good. */
  @Test
  void writesTheCheckpointsHistoryEvenWhenNothingIsLeftToTrain() {
    List<EpochRecord> records = loop(List.of(), 1, this::whole);
    run().delete("history.csv");
    assertThat(kept().latest()).map(Checkpoint::history).contains(records);
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(records);
  }

  @Test
  void aLossThatIsNotFiniteKeepsTheCheckpointBefore() {
    List<EpochRecord> good = loop(List.of(), 1, this::whole);
    assertThatThrownBy(
            () ->
                loop(
                    good,
                    3,
                    (epoch, losses) -> {
                      model.params().addi(1);
                      losses.accept(new MinibatchLoss(Double.NaN, 0, 2));
                    }))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining("epoch 2");
    assertOnlyEpoch1IsKept(good);
  }

  @Test
  void aParameterThatIsNotFiniteIsDivergenceToo() {
    List<EpochRecord> good = loop(List.of(), 1, this::whole);
    assertThatThrownBy(
            () ->
                loop(
                    good,
                    3,
                    (epoch, losses) -> {
                      whole(epoch, losses);
                      model.params().putScalar(3, Float.NaN);
                    }))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContainingAll("epoch 2", "parameter");
    assertOnlyEpoch1IsKept(good);
  }

  @Test
  void anEpochThatWasNotWholeIsNotKept() {
    List<EpochRecord> good = loop(List.of(), 1, this::whole);
    assertThatThrownBy(
            () ->
                loop(
                    good,
                    3,
                    (epoch, losses) -> {
                      model.params().addi(1);
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of 3 minibatches, not trained: 3;");
    assertOnlyEpoch1IsKept(good);
  }

  @Test
  void anEpochThatLeavesTheModelAsItWasIsAFault() {
    assertThatThrownBy(
            () ->
                loop(
                    List.of(),
                    1,
                    (epoch, losses) -> {
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                      losses.accept(new MinibatchLoss(1, 0.5, 2));
                      losses.accept(new MinibatchLoss(1, 0.5, 1));
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("left the model as it was");
    assertThat(checkpoints().latest()).isEmpty();
  }

  private void assertOnlyEpoch1IsKept(List<EpochRecord> history) {
    assertThat(checkpoints().latest().orElseThrow().epoch()).isEqualTo(1);
    assertThat(run().in("checkpoints").names()).containsExactly("epoch-0001");
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(history);
  }

  /** So that somebody who follows it sees each epoch. */
  @Test
  void theHistoryStaysTheSameFile() throws Exception {
    List<EpochRecord> records = loop(List.of(), 1, this::whole);
    Object file = Files.getAttribute(directory.resolve("history.csv"), "unix:ino");
    records = loop(records, 3, this::whole);
    assertThat(Files.getAttribute(directory.resolve("history.csv"), "unix:ino")).isEqualTo(file);
    assertThat(History.parse(run().readText("history.csv"))).isEqualTo(records).hasSize(3);
  }
}
