package org.sparkvae.evaluation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.ModelArchive;
import org.sparkvae.model.ModelConfig;

/**
 * A small convolutional network that tells the ten classes apart, as a judge of what a model draws.
 * It is trained on variants of the same images ({@link Augmentation}), and its weights depend on
 * these alone but for rounding.
 *
 * <p>Two convolutions 5×5 of 16 and 64 channels, each with ReLU and max-pool 2×2, a layer of
 * {@value #FEATURES} with ReLU, and softmax. For one thread.
 */
public final class DigitClassifier {
  /** Values of the last hidden layer, which stand for an image where images are compared. */
  public static final int FEATURES = 64;

  /** Whatever changes what comes out of {@link #train} has to change this too. */
  public static final int VERSION = 4;

  public static final int EPOCHS = 5;

  private static final int CLASSES = 10;
  static final int MINIBATCH = 100;
  private static final long SEED = 20_001;

  /** At the beginning, almost: it falls along a sigmoid, by half in half the time. */
  private static final double LEARNING_RATE = 0.003;

  /** How many units of the sigmoid's argument the training takes: 8 leave 2 % at the end. */
  private static final double STEEPNESS = 8;

  private final MultiLayerNetwork network;

  private DigitClassifier(MultiLayerNetwork network) {
    this.network = network;
  }

  /**
   * What it makes of an image.
   *
   * @param probabilities of the ten classes
   * @param features {@value #FEATURES} values, none below 0
   */
  // Made by the ten thousand and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  public record Judgement(float[] probabilities, float[] features) implements Serializable {
    /** The likeliest class. */
    public int label() {
      int best = 0;
      for (int c = 1; c < probabilities.length; c++) {
        if (probabilities[c] > probabilities[best]) {
          best = c;
        }
      }
      return best;
    }
  }

  /**
   * Trains one for {@value #EPOCHS} epochs.
   *
   * @param images 784 unsigned bytes each, row by row
   * @param labels 0 to 9
   * @param progress hears of so many more images
   */
  public static DigitClassifier train(byte[][] images, int[] labels, IntConsumer progress) {
    MultiLayerNetwork network = untrained(EPOCHS * ((images.length + MINIBATCH - 1) / MINIBATCH));
    List<Integer> order = new ArrayList<>(IntStream.range(0, images.length).boxed().toList());
    Random random = new Random(SEED);
    Augmentation augmentation = new Augmentation(images);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      Collections.shuffle(order, random);
      for (int from = 0; from < order.size(); from += MINIBATCH) {
        List<Integer> chosen = order.subList(from, Math.min(from + MINIBATCH, order.size()));
        float[][] greys = new float[chosen.size()][];
        INDArray targets = Nd4j.zeros(chosen.size(), CLASSES);
        for (int n = 0; n < greys.length; n++) {
          greys[n] = augmentation.variant(images[chosen.get(n)], random);
          targets.putScalar(n, labels[chosen.get(n)], 1);
        }
        network.fit(new DataSet(input(greys), targets));
        progress.accept(greys.length);
      }
    }
    return new DigitClassifier(network);
  }

  private static MultiLayerNetwork untrained(int minibatches) {
    Nd4j.getRandom().setSeed(SEED);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                // Deeplearning4j's PolySchedule would rise, and its setLearningRate passes over
                // layers of SameDiff.
                .updater(
                    new Adam(
                        new SigmoidSchedule(
                            ScheduleType.ITERATION,
                            LEARNING_RATE,
                            -STEEPNESS / minibatches,
                            minibatches / 2)))
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionBlock(1, 16))
                .layer(new ConvolutionBlock(16, 64))
                .layer(new DenseLayer.Builder().nOut(FEATURES).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .weightInit(WeightInit.XAVIER)
                        .build())
                .setInputType(InputType.convolutional(ModelConfig.SIDE, ModelConfig.SIDE, 1))
                .build());
    network.init();
    return network;
  }

  private static INDArray input(float[][] images) {
    return Nd4j.create(images).reshape('c', images.length, 1, ModelConfig.SIDE, ModelConfig.SIDE);
  }

  /**
   * Judges images.
   *
   * @param images 784 values in [0, 1] each, row by row
   */
  public List<Judgement> judge(float[][] images) {
    List<INDArray> activations = network.feedForward(input(images), false);
    float[][] probabilities = activations.get(activations.size() - 1).toFloatMatrix();
    float[][] features = activations.get(activations.size() - 2).toFloatMatrix();
    List<Judgement> judgements = new ArrayList<>();
    for (int n = 0; n < images.length; n++) {
      judgements.add(new Judgement(probabilities[n], features[n]));
    }
    return judgements;
  }

  /** SHA-256 of the weights. */
  String weightsChecksum() {
    return DigestUtils.sha256Hex(network.params().dup().data().asBytes());
  }

  /** As bytes, for {@link #read}. */
  public byte[] write() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, false);
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} gave.
   *
   * @throws InputDataException if it is something else; its message leaves it to the caller to say
   *     where
   */
  public static DigitClassifier read(byte[] archive) {
    ModelArchive read = ModelArchive.read(archive, Words.OF_CLASSIFIERS);
    try {
      MultiLayerNetwork network =
          new MultiLayerNetwork(MultiLayerConfiguration.fromJson(read.configuration()));
      network.init(read.parameters(), false);
      return new DigitClassifier(network);
    } catch (RuntimeException e) {
      throw new InputDataException("its configuration and its parameters do not go together", e);
    }
  }

  private static final class Words {
    static final Set<String> OF_CLASSIFIERS =
        ModelArchive.words(untrained(1).getLayerWiseConfigurations().toJson());
  }
}
