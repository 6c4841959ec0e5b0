package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.sparkvae.exception.SparkVaeException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.storage.Storage;

/**
 * A small file that the driver leaves in the output directory for the executors to find.
 *
 * @param directory with its file system
 * @param name of the file, hidden
 * @param text in it
 */
record SharedOutputCheck(String directory, String name, String text) implements Serializable {
  private static final String CHECK = "output";

  /** What a process found wrong; on which side, and the cure where it is known. */
  record Fault(String what, boolean isOutside, boolean isUnshared) implements Serializable {}

  /** Names a file in a directory as the driver sees it. */
  static SharedOutputCheck in(String directory, Configuration configuration) {
    return new SharedOutputCheck(
        Storage.at(directory, configuration).toString(),
        "_doctor-" + UUID.randomUUID(),
        UUID.randomUUID().toString());
  }

  /** Writes aside, renames and reads; the file stays. */
  Optional<Fault> writtenByDriver(Configuration configuration) {
    try {
      Storage storage = Storage.at(directory, configuration);
      storage.writeText(name, text);
      return readBack(storage, name, text);
    } catch (SparkVaeException e) {
      return Optional.of(fault(e));
    }
  }

  void removeByDriver(Configuration configuration) {
    Storage.at(directory, configuration).delete(name);
  }

  /** Reads the driver's file, then writes, reads and deletes one of its own. */
  Optional<Fault> usedByExecutor(String executor, Configuration configuration) {
    try {
      Storage storage = Storage.at(directory, configuration);
      if (!storage.has(name)) {
        return Optional.of(new Fault("the driver's file is not here", false, true));
      }
      Optional<Fault> unread = readBack(storage, name, text);
      if (unread.isPresent()) {
        return unread;
      }
      String own = name + "-" + executor;
      try {
        storage.writeText(own, text);
        return readBack(storage, own, text);
      } finally {
        storage.delete(own);
      }
    } catch (SparkVaeException e) {
      return Optional.of(fault(e));
    }
  }

  private static Optional<Fault> readBack(Storage storage, String name, String text) {
    return storage.readText(name).equals(text)
        ? Optional.empty()
        : Optional.of(new Fault("what is read is not what was written", true, false));
  }

  static Fault fault(SparkVaeException failure) {
    return new Fault(failure.getMessage(), failure instanceof TransientException, false);
  }

  static Finding check(String where, String directory, Optional<Fault> fault) {
    if (fault.isEmpty()) {
      return Finding.ok(where, CHECK, "written, renamed and read: " + directory);
    }
    String what = "%s: %s".formatted(directory, fault.get().what);
    if (fault.get().isUnshared) {
      return Finding.wrongSetting(
          where,
          CHECK,
          what,
          "use a file system that all processes see: --output hdfs://… or a shared disk");
    }
    return fault.get().isOutside
        ? Finding.outside(
            where, CHECK, what, "let the job's user write there, or choose another --output")
        : Finding.wrongSetting(where, CHECK, what, "choose another --output");
  }
}
