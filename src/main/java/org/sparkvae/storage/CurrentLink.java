package org.sparkvae.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;

/**
 * A name that stands for a directory, and is turned to another in one step: a symbolic link where
 * both are on a local disk, elsewhere a file that holds the directory's path.
 *
 * @param place where the name is
 */
public record CurrentLink(Storage place, String name) {
  /** Whether it stands for a directory. */
  public boolean standsFor(Storage directory) {
    Optional<Path> link = link();
    if (link.isPresent() && Files.isSymbolicLink(link.get())) {
      try {
        return directory.local().isPresent()
            && Files.exists(link.get())
            && Files.isSameFile(link.get(), directory.local().get());
      } catch (IOException e) {
        throw failed(e);
      }
    }
    return place.has(name)
        && !isDirectory(link)
        && place.readText(name).strip().equals(directory.toString());
  }

  /**
   * Turns it to a directory.
   *
   * @throws ConfigurationException if there is a directory of that name
   */
  public void turnTo(Storage directory) {
    Optional<Path> link = link();
    if (isDirectory(link)) {
      throw new ConfigurationException(
          "%s is a directory of its own; name another place".formatted(place.path(name)));
    }
    Optional<Path> target = directory.local();
    if (link.isEmpty() || target.isEmpty()) {
      place.writeText(name, directory + "\n");
      return;
    }
    try {
      // The kernel follows a link from where it really is.
      Path parent = Files.createDirectories(link.get().getParent()).toRealPath();
      Path aside = parent.resolve(AtomicWriter.name(name));
      // Relative, so that it holds wherever the two are mounted together.
      Files.createSymbolicLink(aside, parent.relativize(target.get().toRealPath()));
      Files.move(
          aside,
          parent.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Optional<Path> link() {
    return place.local().map(directory -> directory.resolve(name));
  }

  private static boolean isDirectory(Optional<Path> link) {
    return link.isPresent() && Files.isDirectory(link.get(), LinkOption.NOFOLLOW_LINKS);
  }

  private TransientException failed(IOException e) {
    return new TransientException(
        "%s: %s; check the file system and its permissions, then run the same command again"
            .formatted(place.path(name), e.getMessage()),
        e);
  }
}
