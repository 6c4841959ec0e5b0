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
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.ModelArchive;

/**
 * A small convolutional classifier of the ten digits, used to evaluate images. It is trained on
 * augmented images ({@link Augmentation}). Apart from rounding, its weights depend only on the
 * images.
 *
 * <p>The network has two convolutions 5×5 with 16 and 64 channels, each with ReLU and max-pooling
 * 2×2, a dense layer of {@value #FEATURES} with ReLU, and softmax. Not thread-safe.
 */
public final class DigitClassifier {
  /** The number of features, which are the values of the last hidden layer. */
  public static final int FEATURES = 64;

  /**
   * The version of the classifier. Increase it with every change to the result of {@link #train}.
   */
  public static final int VERSION = 4;

  public static final int EPOCHS = 5;

  private static final int CLASSES = 10;
  static final int MINIBATCH = 100;
  private static final long SEED = 20_001;

  /**
   * The approximate initial learning rate. It decreases along a sigmoid and is halved at half the
   * training time.
   */
  private static final double LEARNING_RATE = 0.003;

  /**
   * The range of the sigmoid's argument during training. The final learning rate is 2 % of the
   * initial one.
   */
  private static final double STEEPNESS = 8;

  private final MultiLayerNetwork network;

  private DigitClassifier(MultiLayerNetwork network) {
    this.network = network;
  }

  /**
   * The prediction for one image.
   *
   * @param probabilities the probabilities of the ten classes
   * @param features {@value #FEATURES} nonnegative values
   */
  public record Prediction(float[] probabilities, float[] features) implements Serializable {
    /** Returns the most probable class. */
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
   * Trains a classifier for {@value #EPOCHS} epochs.
   *
   * @param images unsigned bytes, one per pixel, row by row
   * @param labels labels from 0 to 9
   * @param progress receives the number of images in each minibatch
   */
  public static DigitClassifier train(byte[][] images, int[] labels, IntConsumer progress) {
    MultiLayerNetwork network = untrained(EPOCHS * ((images.length + MINIBATCH - 1) / MINIBATCH));
    List<Integer> order = new ArrayList<>(IntStream.range(0, images.length).boxed().toList());
    Random random = new Random(SEED);
    Augmentation augmentation = new Augmentation(images);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      Collections.shuffle(order, random);
      for (int from = 0; from < order.size(); from += MINIBATCH) {
        List<Integer> batch = order.subList(from, Math.min(from + MINIBATCH, order.size()));
        float[][] grays = new float[batch.size()][];
        INDArray targets = Nd4j.zeros(batch.size(), CLASSES);
        for (int n = 0; n < grays.length; n++) {
          grays[n] = augmentation.augment(images[batch.get(n)], random);
          targets.putScalar(n, labels[batch.get(n)], 1);
        }
        network.fit(new DataSet(input(grays), targets));
        progress.accept(grays.length);
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
                // DL4J's PolySchedule would increase the rate, and its setLearningRate ignores
                // SameDiff layers.
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
                .setInputType(InputType.convolutional(ImageShape.ROWS, ImageShape.COLUMNS, 1))
                .build());
    network.init();
    return network;
  }

  private static INDArray input(float[][] images) {
    return Nd4j.create(images).reshape('c', images.length, 1, ImageShape.ROWS, ImageShape.COLUMNS);
  }

  /**
   * Classifies images.
   *
   * @param images values in [0, 1], one per pixel, row by row
   */
  public List<Prediction> predict(float[][] images) {
    List<INDArray> activations = network.feedForward(input(images), false);
    float[][] probabilities = activations.get(activations.size() - 1).toFloatMatrix();
    float[][] features = activations.get(activations.size() - 2).toFloatMatrix();
    List<Prediction> predictions = new ArrayList<>();
    for (int n = 0; n < images.length; n++) {
      predictions.add(new Prediction(probabilities[n], features[n]));
    }
    return predictions;
  }

  /** Returns the SHA-256 of the weights. */
  String weightsChecksum() {
    return DigestUtils.sha256Hex(network.params().dup().data().asBytes());
  }

  /** Returns the classifier as an archive for {@link #read}. */
  public byte[] write() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, false);
    return bytes.toByteArray();
  }

  /**
   * Reads an archive from {@link #write}.
   *
   * @throws InputDataException if the archive is invalid. The message states the reason; the caller
   *     adds the file.
   */
  public static DigitClassifier read(byte[] archive) {
    ModelArchive model = ModelArchive.read(archive, AllowedStrings.CLASSIFIER);
    try {
      MultiLayerNetwork network =
          new MultiLayerNetwork(MultiLayerConfiguration.fromJson(model.configuration()));
      network.init(model.parameters(), false);
      return new DigitClassifier(network);
    } catch (RuntimeException e) {
      throw new InputDataException("its configuration and its parameters do not match", e);
    }
  }

  /** The strings that occur in the configurations of this version's classifiers. */
  private static final class AllowedStrings {
    static final Set<String> CLASSIFIER =
        ModelArchive.strings(untrained(1).getLayerWiseConfigurations().toJson());
  }
}
