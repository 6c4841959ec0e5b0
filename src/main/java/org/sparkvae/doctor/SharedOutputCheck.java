package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.Storage;

/**
 * A check that the driver and all executors can use the same output directory. The driver writes a
 * small file, which the executors must find.
 *
 * @param directory the URI of the output directory
 * @param name the name of the driver's file, which is hidden
 * @param text the content of the driver's file
 */
record SharedOutputCheck(String directory, String name, String text) implements Serializable {
  /**
   * A failed test of the output directory.
   *
   * @param isExternal whether the file system is at fault, not the configuration
   * @param isUnshared whether the process has a directory of its own
   */
  record Fault(String message, boolean isExternal, boolean isUnshared) implements Serializable {}

  /** Creates a check with a random file name, in a directory as the driver resolves it. */
  static SharedOutputCheck forDirectory(String directory) {
    return new SharedOutputCheck(
        Storage.at(directory).toString(),
        "_doctor-" + UUID.randomUUID(),
        UUID.randomUUID().toString());
  }

  /** Writes a temporary file, renames it and reads it. The file stays for the executors. */
  Optional<Fault> writeFromDriver() {
    try {
      Storage storage = Storage.at(directory);
      storage.writeText(name, text);
      return readBack(storage, name, text);
    } catch (SparkVaeException e) {
      return Optional.of(fault(e));
    }
  }

  void deleteFromDriver() {
    Storage.at(directory).delete(name);
  }

  /** Reads the driver's file, then writes, reads and deletes another file. */
  Optional<Fault> testFromExecutor(String executor, Configuration configuration) {
    try {
      Storage storage = Storage.at(directory, configuration);
      if (!storage.exists(name)) {
        return Optional.of(new Fault("the driver's file is not visible here", false, true));
      }
      Optional<Fault> fault = readBack(storage, name, text);
      if (fault.isPresent()) {
        return fault;
      }
      String ownName = name + "-" + executor;
      try {
        storage.writeText(ownName, text);
        return readBack(storage, ownName, text);
      } finally {
        storage.delete(ownName);
      }
    } catch (SparkVaeException e) {
      return Optional.of(fault(e));
    }
  }

  private static Optional<Fault> readBack(Storage storage, String name, String text) {
    return storage.readText(name).equals(text)
        ? Optional.empty()
        : Optional.of(new Fault("the content read differs from the content written", true, false));
  }

  static Fault fault(SparkVaeException exception) {
    return new Fault(exception.getMessage(), exception instanceof TransientException, false);
  }

  static Finding check(String process, String directory, Optional<Fault> fault) {
    Check check = new Check(process, "output");
    if (fault.isEmpty()) {
      return check.ok("written, renamed and read: " + directory);
    }
    String result = "%s: %s".formatted(directory, fault.get().message);
    if (fault.get().isUnshared) {
      return check.wrongSetting(
          result,
          "Use a file system that all processes share, such as --output hdfs://… or a shared disk.");
    }
    return fault.get().isExternal
        ? check.externalFailure(
            result, "Give the job's user write access, or choose another --output directory.")
        : check.wrongSetting(result, "Choose another --output directory.");
  }
}
