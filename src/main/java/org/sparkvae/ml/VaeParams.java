package org.sparkvae.ml;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
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
 * The Params of {@link Vae} and {@link VaeModel}. They have the names of the settings in camel case
 * and the same defaults. There is no Param for {@code limit}, because {@code Dataset.limit} does
 * the same.
 */
public interface VaeParams extends Params {
  /** Returns the Params, created in the constructor. */
  Declared declared();

  /** The Params of one owner. */
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
      lambda = new DoubleParam(owner, "lambda", "weight of the regularization term");
      klWarmupEpochs =
          new IntParam(
              owner,
              "klWarmupEpochs",
              "epochs over which lambda increases from 0 to its value, 0 for none");
      learningRate = new DoubleParam(owner, "learningRate", "learning rate of Adam");
      learningRateDecay =
          new DoubleParam(
              owner,
              "learningRateDecay",
              "factor applied to the learning rate after each epoch, in (0, 1]");
      batchSize = new IntParam(owner, "batchSize", "images per minibatch");
      epochs = new IntParam(owner, "epochs", "passes over the images");
      trainer = new Param<>(owner, "trainer", "shared, averaging or local");
      workers =
          new IntParam(
              owner,
              "workers",
              "required number of executors, one worker on each; 0 accepts any number");
      seed = new LongParam(owner, "seed", "seed of shuffling, initial weights and noise");
    }

    /** Returns the default values, which are those of the configuration file. */
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

  /** Returns the Param of latent channels per image row, an even number. An image has 28 rows. */
  default IntParam latentChannels() {
    return declared().latentChannels;
  }

  /** Returns the Param of the probability of dropping an activation, in [0, 1). */
  default DoubleParam dropout() {
    return declared().dropout;
  }

  /** Returns the Param of the weight λ of the regularization term. */
  default DoubleParam lambda() {
    return declared().lambda;
  }

  /**
   * Returns the Param of the epochs over which λ increases from 0 to its value; 0 for no warm-up.
   */
  default IntParam klWarmupEpochs() {
    return declared().klWarmupEpochs;
  }

  /** Returns the Param of the learning rate of Adam. */
  default DoubleParam learningRate() {
    return declared().learningRate;
  }

  /** Returns the Param of the factor applied to the learning rate after each epoch, in (0, 1]. */
  default DoubleParam learningRateDecay() {
    return declared().learningRateDecay;
  }

  /** Returns the Param of the number of images per minibatch. */
  default IntParam batchSize() {
    return declared().batchSize;
  }

  /** Returns the Param of the number of passes over the images. */
  default IntParam epochs() {
    return declared().epochs;
  }

  /** Returns the Param of the trainer: {@code shared}, {@code averaging} or {@code local}. */
  default Param<String> trainer() {
    return declared().trainer;
  }

  /** Returns the Param of the required number of executors; 0 accepts any number. */
  default IntParam workers() {
    return declared().workers;
  }

  /** Returns the Param of the seed of shuffling, initial weights and noise. */
  default LongParam seed() {
    return declared().seed;
  }

  /**
   * Returns the values of the Params as settings.
   *
   * @throws IllegalArgumentException if the value of a Param is out of range; the message names the
   *     Param
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
      throw new IllegalArgumentException(withParamName(e.getMessage()), e);
    }
  }

  /** Replaces the name of a setting at the start of a message by that of its Param. */
  private static String withParamName(String message) {
    String setting = message.replaceFirst("(?s):.*", "");
    String param =
        Pattern.compile("-(.)")
            .matcher(setting)
            .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    return param + message.substring(setting.length());
  }
}
