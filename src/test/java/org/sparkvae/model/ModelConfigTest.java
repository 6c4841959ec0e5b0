package org.sparkvae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
  /** Returns a configuration with another decoder. */
  static ModelConfig withDecoder(Integer... decoderChannels) {
    return new ModelConfig(4, List.of(decoderChannels), 0.1, 0.5, 0, 0.001, 1, 5);
  }

  @Test
  void eachBlockDecodesTheOutputOfTheOneBefore() {
    assertThat(withDecoder(1).decoderBlocks()).containsExactly(new DecoderBlockConfig(1, 4, 1, 1));
    assertThat(withDecoder(1).outputLayerInputs()).isEqualTo(2);
    assertThat(withDecoder(7, 2, 5, 1).decoderBlocks())
        .containsExactly(
            new DecoderBlockConfig(1, 4, 1, 7),
            new DecoderBlockConfig(2, 7, 2, 2),
            new DecoderBlockConfig(3, 2, 3, 5),
            new DecoderBlockConfig(4, 5, 3, 1));
    assertThat(withDecoder(7, 2, 5, 1).outputLayerInputs()).isEqualTo(3);
  }

  @Test
  void rejectsDecodersThatDoNotEndWithOneChannel() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withDecoder())
        .withMessage("decoderChannels: expected 1 as the last number, found [].");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withDecoder(128, 64))
        .withMessage("decoderChannels: expected 1 as the last number, found [128, 64].");
  }

  /** A name such as block1 is the beginning of block10. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 11})
  void table2NumbersEachBlock(int blocks) {
    Integer[] channels = new Integer[blocks];
    Arrays.fill(channels, 1);
    List<LayerSummary> steps = LayerSummary.of(withDecoder(channels));
    for (int block = 1; block <= blocks; block++) {
      String part = "Decoder, layer " + block;
      assertThat(steps.stream().filter(step -> step.part().equals(part)))
          .hasSize(5)
          .first()
          .extracting(LayerSummary::operation)
          .asString()
          .contains("TransposedConv(");
    }
    assertThat(steps).hasSize(4 + 5 * blocks + 1);
  }
}
