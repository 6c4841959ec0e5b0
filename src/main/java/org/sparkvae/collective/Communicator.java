package org.sparkvae.collective;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.RegExUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.gloo.Device;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;

/**
 * The connection of one worker to the others, which uses Gloo. A single worker needs no library.
 *
 * <p>Every sum has the same bits on all workers, and the same bits in every run with the same
 * number of workers. The values travel unencrypted, and the workers do not authenticate each other.
 */
public final class Communicator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Communicator.class);

  /**
   * The time that one worker waits for the others to join. They may fetch their images for
   * different times.
   */
  private static final Duration JOIN_TIMEOUT = Duration.ofMinutes(5);

  /** The time that one worker waits for the others in a sum. */
  private static final Duration SUM_TIMEOUT = Duration.ofSeconds(20);

  private final int rank;

  /** Null if there is one worker. */
  private final ProcessGroupGloo group;

  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  private Communicator(int rank, ProcessGroupGloo group) {
    this.rank = rank;
    this.group = group;
  }

  /**
   * Loads Gloo into this process, if it is not loaded.
   *
   * @throws TransientException if Gloo's libraries cannot be unpacked
   * @throws ConfigurationException if Gloo cannot be loaded on this host
   */
  public static void load() {
    Optional<IOException> unpackingError = unpack();
    try {
      Loader.load(torch_gloo.class);
    } catch (LinkageError e) {
      if (unpackingError.isPresent()) {
        throw new TransientException(
            "%s: Gloo cannot be unpacked (%s). Check that the directory is writable and has 350 MB of free space, and rerun the same command to resume."
                .formatted(
                    System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp/cache"),
                    ErrorText.typeAndFirstLine(unpackingError.get())),
            e);
      }
      throw new ConfigurationException(
          "--trainer allreduce: Gloo cannot be loaded (%s). It requires Linux on x86-64 with glibc 2.35 or newer, such as Debian 12 or Ubuntu 22.04. Use other hosts, or another trainer."
              .formatted(ErrorText.firstLine(ExceptionUtils.getRootCause(e))),
          e);
    }
  }

  /**
   * Unpacks all libraries before the first one is loaded, with a lock for all processes of this
   * host. Otherwise a library that JavaCPP loads would itself load a library that another process
   * has unpacked only in part. An error is not final, because a read-only cache can be complete.
   */
  private static Optional<IOException> unpack() {
    try {
      Loader.cacheResource(torch_gloo.class, "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/");
      return Optional.empty();
    } catch (IOException e) {
      LOG.info("Gloo cannot be unpacked.", e);
      return Optional.of(e);
    }
  }

  /**
   * Joins the other workers and waits until all have joined.
   *
   * @param allGather a function that sends a text to all workers and returns the texts of all
   *     workers in the order of their ranks
   * @param bindAddress the only address of this host at which the worker listens
   * @param rank the index of this worker, from 0
   * @throws TransientException if not all workers join in time
   */
  public static Communicator join(
      Function<String, List<String>> allGather, String bindAddress, int rank, int workers) {
    return new Communicator(
        rank, workers == 1 ? null : connect(allGather, bindAddress, rank, workers));
  }

  /**
   * Connects this worker to the others. Gloo publishes the worker's address in a store, and reads
   * the addresses of the others from it. A file of this worker's own is the store that opens no
   * port.
   */
  private static ProcessGroupGloo connect(
      Function<String, List<String>> allGather, String bindAddress, int rank, int workers) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    File file = null;
    try {
      file = Files.createTempFile("gloo", ".store").toFile();
      try (Milliseconds timeout = new Milliseconds(JOIN_TIMEOUT.toMillis());
          Milliseconds sumTimeout = new Milliseconds(SUM_TIMEOUT.toMillis());
          FileStore original = new FileStore(file.getPath(), 1);
          // JavaCPP frees a FileStore while Gloo still uses it, but counts the users of a copy.
          Store store = original.clone();
          ProcessGroupGloo.Options options =
              CompletableFuture.supplyAsync(() -> listen(bindAddress, timeout), thread).join()) {
        store.setTimeout(timeout);
        CompletableFuture<ProcessGroupGloo> group =
            CompletableFuture.supplyAsync(
                () -> new ProcessGroupGloo(store, rank, workers, options), thread);
        try {
          exchangeAddresses(store, allGather, rank);
        } catch (RuntimeException e) {
          var unused = group.thenAccept(ProcessGroupGloo::close);
          throw e;
        }
        group.join().setTimeout(sumTimeout);
        return group.join();
      }
    } catch (IOException e) {
      throw new TransientException(
          "%s: no file can be created (%s). Free space, and rerun the same command to resume."
              .formatted(FileUtils.getTempDirectoryPath(), ErrorText.typeAndFirstLine(e)),
          e);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException error ? failure(error) : e;
    } finally {
      thread.shutdown();
      FileUtils.deleteQuietly(file);
    }
  }

  /** Opens a port and starts Gloo's network thread. */
  private static ProcessGroupGloo.Options listen(String bindAddress, Milliseconds timeout) {
    SchedulingPolicy.setBatchForCallingThread();
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout);
    try (Device device = ProcessGroupGloo.createDeviceForHostname(bindAddress);
        GlooDeviceVector devices = new GlooDeviceVector(device)) {
      return options.threads(1).devices(devices);
    }
  }

  private static void exchangeAddresses(
      Store store, Function<String, List<String>> allGather, int rank) {
    String own;
    try (ByteVector address = store.get(addressKey(rank))) {
      own = Base64.getEncoder().encodeToString(address.get());
    } catch (RuntimeException e) {
      throw failure(e);
    }
    List<String> addresses = allGather.apply(own);
    for (int worker = 0; worker < addresses.size(); worker++) {
      if (worker != rank) {
        try (ByteVector address =
            new ByteVector(Base64.getDecoder().decode(addresses.get(worker)))) {
          store.set(addressKey(worker), address);
        }
      }
    }
  }

  /** Returns Gloo's key for the address of a worker's first and only device. */
  private static String addressKey(int worker) {
    return "0/" + worker;
  }

  /** Returns the index of this worker. */
  public int rank() {
    return rank;
  }

  /**
   * Adds the values of all workers.
   *
   * @param values the values of this worker, which the sums replace
   * @throws TransientException if a worker ended or did not answer in time
   */
  public void sum(double[] values) {
    if (group == null) {
      return;
    }
    if (buffer.capacity() < values.length * Double.BYTES) {
      buffer =
          ByteBuffer.allocateDirect(values.length * Double.BYTES).order(ByteOrder.nativeOrder());
    }
    buffer.asDoubleBuffer().put(values);
    try (BytePointer start = new BytePointer(buffer)) {
      sum(start, values.length, torch.ScalarType.Double);
    }
    buffer.asDoubleBuffer().get(values);
  }

  /**
   * Adds the values of all workers.
   *
   * @param values a contiguous array of floats of this worker, which the sums replace
   * @throws TransientException if a worker ended or did not answer in time
   */
  public void sum(INDArray values) {
    if (group != null) {
      AffinityManager memory = Nd4j.getAffinityManager();
      memory.ensureLocation(values, Location.HOST);
      sum(values.data().addressPointer(), values.length(), torch.ScalarType.Float);
      memory.tagLocation(values, Location.HOST);
    }
  }

  private void sum(Pointer start, long length, torch.ScalarType type) {
    try (TensorOptions options = new TensorOptions(type);
        Tensor tensor = torch.from_blob(start, new long[] {length}, options);
        TensorVector tensors = new TensorVector(tensor);
        Work work = group.allreduce(tensors)) {
      work._wait();
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /** Returns the exception for an error of Gloo, whose first line begins with a source file. */
  private static TransientException failure(RuntimeException error) {
    return new TransientException(
        "The connection to another worker failed (%s)."
            .formatted(RegExUtils.removeFirst(ErrorText.firstLine(error), "^\\[\\S+\\] ")),
        error);
  }

  /**
   * Waits until all workers have called this method. Each calls it before it closes its connection,
   * because the others may not have received its last values yet.
   */
  public void awaitAll() {
    try {
      sum(new double[1]);
    } catch (TransientException e) {
      // The others have all earlier values: one that closed its connection has returned from here.
      LOG.info("The connection to another worker was closed first.", e);
    }
  }

  @Override
  public void close() {
    if (group != null) {
      group.close();
    }
  }
}
