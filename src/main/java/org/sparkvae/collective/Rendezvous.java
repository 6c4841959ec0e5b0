package org.sparkvae.collective;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.commons.io.FileUtils;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.gloo.Device;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;

/** The meeting of all workers, in which each learns the addresses of the others. */
final class Rendezvous {
  /**
   * The time that Gloo waits for the addresses of the other workers, which may fetch their images
   * for different times. If one never sends its address, the job usually ends earlier, because no
   * worker trains.
   */
  private static final Duration ADDRESS_TIMEOUT = Duration.ofMinutes(10);

  /**
   * The time that one worker waits for the others in a sum, and for the connections to them once
   * all addresses are known.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private Rendezvous() {}

  /**
   * Connects this worker to the others. Gloo publishes the worker's address in a store, and reads
   * the addresses of the others from it. A file of this worker's own is the store that opens no
   * port.
   */
  static ProcessGroupGloo connect(
      Function<String, List<String>> allGather, String bindAddress, int rank, int workers) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    File file = null;
    try {
      file = Files.createTempFile("gloo", ".store").toFile();
      try (Milliseconds addressTimeout = new Milliseconds(ADDRESS_TIMEOUT.toMillis());
          Milliseconds timeout = new Milliseconds(TIMEOUT.toMillis());
          FileStore original = new FileStore(file.getPath(), 1);
          // JavaCPP frees a FileStore while Gloo still uses it, but counts the users of a copy.
          Store store = original.clone();
          ProcessGroupGloo.Options options =
              CompletableFuture.supplyAsync(() -> listen(bindAddress, addressTimeout), thread)
                  .join()) {
        store.setTimeout(addressTimeout);
        CompletableFuture<ProcessGroupGloo> group =
            CompletableFuture.supplyAsync(
                () -> new ProcessGroupGloo(store, rank, workers, options), thread);
        try {
          exchangeAddresses(store, allGather, rank);
          ProcessGroupGloo connected =
              group.copy().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
          connected.setTimeout(timeout);
          return connected;
        } catch (RuntimeException e) {
          var unused = group.thenAccept(ProcessGroupGloo::close);
          throw e;
        }
      }
    } catch (IOException e) {
      throw new TransientException(
          "%s: no file can be created (%s). Free space."
              .formatted(FileUtils.getTempDirectoryPath(), ErrorText.typeAndFirstLine(e)),
          e);
    } catch (CompletionException e) {
      throw failure(e);
    } finally {
      thread.shutdown();
      FileUtils.deleteQuietly(file);
    }
  }

  private static RuntimeException failure(CompletionException error) {
    if (error.getCause() instanceof TimeoutException) {
      return new TransientException(
          "The connection to another worker failed (no connection within %d s)."
              .formatted(TIMEOUT.toSeconds()));
    }
    if (error.getCause() instanceof TransientException known) {
      return known;
    }
    return error.getCause() instanceof RuntimeException cause ? Communicator.failure(cause) : error;
  }

  /** Opens a port and starts Gloo's network thread. */
  private static ProcessGroupGloo.Options listen(String bindAddress, Milliseconds timeout) {
    SchedulingPolicy.setBatchForCallingThread();
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout);
    try (Device device = ProcessGroupGloo.createDeviceForHostname(bindAddress);
        GlooDeviceVector devices = new GlooDeviceVector(device)) {
      return options.threads(1).devices(devices);
    } catch (RuntimeException e) {
      throw new TransientException(
          "%s: a worker cannot listen at this address (%s)."
              .formatted(bindAddress, Communicator.message(e)),
          e);
    }
  }

  private static void exchangeAddresses(
      Store store, Function<String, List<String>> allGather, int rank) {
    String own;
    try (ByteVector address = store.get(addressKey(rank))) {
      own = Base64.getEncoder().encodeToString(address.get());
    } catch (RuntimeException e) {
      throw Communicator.failure(e);
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
}
