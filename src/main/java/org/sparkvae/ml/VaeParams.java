package org.sparkvae.ml;

import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.ml.param.Params;
import org.sparkvae.config.Settings;
import org.sparkvae.exception.ConfigurationException;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * What {@link Vae} and {@link VaeModel} can be told: the settings of the configuration file, by the
 * same names in Spark's spelling, with the same defaults. Not {@code limit}: a DataFrame has one of
 * its own.
 */
public interface VaeParams extends Params {
  /** The params themselves, made by the constructor. */
  Declared declared();

  /** One of each for its owner. */
  final class Declared {
    final IntParam latentChannels;
    final DoubleParam dropout;
    final DoubleParam lambda;
    final IntParam klWarmupEpochs;
    final DoubleParam learningRate;
    final DoubleParam learningRateDecay;
    final IntParam batchSize;
    final IntParam epochs;
    final Param<String> trainer;
    final IntParam workers;
    final LongParam seed;

    Declared(VaeParams owner) {
      latentChannels = new IntParam(owner, "latentChannels", "latent channels per image row, even");
      dropout =
          new DoubleParam(owner, "dropout", "probability of dropping an activation, in [0, 1)");
      lambda = new DoubleParam(owner, "lambda", "weight of the regularisation term");
      klWarmupEpochs =
          new IntParam(owner, "klWarmupEpochs", "epochs over which lambda rises to its value");
      learningRate = new DoubleParam(owner, "learningRate", "of Adam");
      learningRateDecay =
          new DoubleParam(owner, "learningRateDecay", "factor after each epoch, in (0, 1]");
      batchSize = new IntParam(owner, "batchSize", "images per minibatch");
      epochs = new IntParam(owner, "epochs", "passes over the images");
      trainer = new Param<>(owner, "trainer", "shared, averaging or local");
      workers = new IntParam(owner, "workers", "executors to train on, 0 for all");
      seed = new LongParam(owner, "seed", "decides shuffling, initial weights and noise");
    }

    /** The configuration file's. */
    Seq<ParamPair<?>> defaults() {
      Settings defaults = Settings.DEFAULTS;
      return JavaConverters.asScalaBuffer(
          List.of(
              latentChannels.w(defaults.latentChannels()),
              dropout.w(defaults.dropout()),
              lambda.w(defaults.lambda()),
              klWarmupEpochs.w(defaults.klWarmupEpochs()),
              learningRate.w(defaults.learningRate()),
              learningRateDecay.w(defaults.learningRateDecay()),
              batchSize.w(defaults.batchSize()),
              epochs.w(defaults.epochs()),
              trainer.w(defaults.trainer().toString()),
              workers.w(defaults.workers()),
              seed.w(defaults.seed())));
    }
  }

  /** Latent channels per image row, even; 28 rows. */
  default IntParam latentChannels() {
    return declared().latentChannels;
  }

  /** Probability of dropping an activation, in [0, 1). */
  default DoubleParam dropout() {
    return declared().dropout;
  }

  /** Weight of the regularisation term. */
  default DoubleParam lambda() {
    return declared().lambda;
  }

  /** Epochs over which λ rises to its value, from 0; 0 for none. */
  default IntParam klWarmupEpochs() {
    return declared().klWarmupEpochs;
  }

  /** The learning rate of Adam. */
  default DoubleParam learningRate() {
    return declared().learningRate;
  }

  /** Factor by which the learning rate changes after each epoch, in (0, 1]. */
  default DoubleParam learningRateDecay() {
    return declared().learningRateDecay;
  }

  /** Images per minibatch. */
  default IntParam batchSize() {
    return declared().batchSize;
  }

  /** Passes over the images. */
  default IntParam epochs() {
    return declared().epochs;
  }

  /** {@code shared}, {@code averaging} or {@code local}. */
  default Param<String> trainer() {
    return declared().trainer;
  }

  /** Executors to train on; 0 for all that there are. */
  default IntParam workers() {
    return declared().workers;
  }

  /** Decides shuffling, initial weights and noise. */
  default LongParam seed() {
    return declared().seed;
  }

  /**
   * The params as settings.
   *
   * @throws IllegalArgumentException if one is out of its range, naming it
   */
  default Settings settings() {
    try {
      return new Settings(
          (Integer) $(latentChannels()),
          (Double) $(dropout()),
          (Double) $(lambda()),
          (Integer) $(klWarmupEpochs()),
          (Double) $(learningRate()),
          (Double) $(learningRateDecay()),
          (Integer) $(batchSize()),
          (Integer) $(epochs()),
          InputSchema.trainer($(trainer())),
          (Integer) $(workers()),
          0,
          (Long) $(seed()));
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
