package org.sparkvae.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.sparkvae.failure.ConfigurationFailure;
import org.sparkvae.failure.OutsideFailure;

/**
 * A name that stands for a directory, and is turned to another in one step: a symbolic link where
 * both are on a local disk, elsewhere a file that holds the directory's path.
 *
 * @param place where the name is
 */
public record Pointer(Storage place, String name) {
  /** The full path of the directory that it stands for; empty if there is no such name. */
  public Optional<String> target() {
    Optional<Path> link = link();
    if (link.isPresent() && Files.isSymbolicLink(link.get())) {
      try {
        Path target = link.get().resolveSibling(Files.readSymbolicLink(link.get()));
        return Optional.of(
            new org.apache.hadoop.fs.Path("file", null, target.normalize().toString()).toString());
      } catch (IOException e) {
        throw failed(e);
      }
    }
    return place.has(name) && !isDirectory(link)
        ? Optional.of(place.readText(name).strip())
        : Optional.empty();
  }

  /**
   * Turns it to a directory.
   *
   * @throws ConfigurationFailure if there is a directory of that name
   */
  public void turnTo(Storage directory) {
    Optional<Path> link = link();
    if (isDirectory(link)) {
      throw new ConfigurationFailure(
          "%s is a directory of its own; name another place".formatted(place.path(name)));
    }
    Optional<Path> target = directory.local();
    if (link.isEmpty() || target.isEmpty()) {
      place.writeText(name, directory + "\n");
      return;
    }
    try {
      Path parent = Files.createDirectories(link.get().getParent());
      Path aside = parent.resolve(Storage.ASIDE + name + "-" + UUID.randomUUID());
      // Relative, so that it holds wherever the two are mounted together.
      Files.createSymbolicLink(aside, parent.relativize(target.get()));
      Files.move(
          aside, link.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

  private OutsideFailure failed(IOException e) {
    return new OutsideFailure(
        "%s: %s; check the file system and its permissions, then run the same command again"
            .formatted(place.path(name), e.getMessage()),
        e);
  }
}
