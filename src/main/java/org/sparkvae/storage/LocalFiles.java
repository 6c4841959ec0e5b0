package org.sparkvae.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** Does by Java's own means on a local disk what Hadoop does less well there. */
final class LocalFiles {
  private final FileContext files;

  LocalFiles(FileContext files) {
    this.files = files;
  }

  /** A path on a local disk, if it is on one. */
  static Optional<java.nio.file.Path> local(Path path) {
    return "file".equals(path.toUri().getScheme())
        ? Optional.of(java.nio.file.Path.of(path.toUri().getPath()))
        : Optional.empty();
  }

  void makeDirectory(Path path) throws IOException {
    Optional<java.nio.file.Path> local = local(path);
    if (local.isPresent()) {
      // Of a local disk Hadoop does not say why it failed.
      Files.createDirectories(local.get());
    } else {
      files.mkdir(path, null, true);
    }
  }

  /** Opens a file that is not there yet; of all that try at once one succeeds. */
  OutputStream openNew(Path path) throws IOException {
    Optional<java.nio.file.Path> local = local(path);
    if (local.isEmpty()) {
      return files.create(path, EnumSet.of(CreateFlag.CREATE));
    }
    // On a local disk Hadoop looks first and creates then, so that two can succeed.
    return Files.newOutputStream(local.get(), StandardOpenOption.CREATE_NEW);
  }

  /** Renames in one step, replacing what was there. */
  void rename(Path from, Path to) throws IOException {
    Optional<java.nio.file.Path> local = local(to);
    if (local.isPresent()) {
      // Hadoop deletes what it replaces on a local disk before it renames.
      Files.move(
          local(from).orElseThrow(),
          local.get(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } else {
      files.rename(from, to, Rename.OVERWRITE);
    }
  }
}
