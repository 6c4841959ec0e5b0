package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.TrainedMinibatch;

class LossSenderTest {
  private final List<LossMessage> messages = new ArrayList<>();
  private final LossSender losses = new LossSender(messages::add);

  @Test
  void sendsTheFirstLossAtOnceAndTheOthersTogether() {
    losses.send(minibatch(1, 0.5));
    assertThat(messages).hasSize(1);
    losses.send(minibatch(2, 0.4));
    losses.send(minibatch(3, 0.3));
    assertThat(messages).hasSize(1);
    losses.flush();
    losses.flush();
    assertThat(messages)
        .containsExactly(
            new LossMessage(List.of(minibatch(1, 0.5))),
            new LossMessage(List.of(minibatch(2, 0.4), minibatch(3, 0.3))));
  }

  @Test
  void sendsALossThatIsNotFiniteAtOnce() {
    losses.send(minibatch(1, 0.5));
    losses.send(minibatch(2, Double.NaN));
    assertThat(messages).last().isEqualTo(new LossMessage(List.of(minibatch(2, Double.NaN))));
  }

  private static TrainedMinibatch minibatch(long key, double bce) {
    return new TrainedMinibatch(key, new MinibatchLoss(bce, 0.01, 100));
  }
}
