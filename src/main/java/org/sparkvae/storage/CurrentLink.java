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
 * A link to a directory that is replaced atomically. If the link and its target are on a local
 * disk, it is a symbolic link. Otherwise it is a file that contains the target's path.
 *
 * @param parent the directory that contains the link
 * @param name the name of the link
 */
public record CurrentLink(Storage parent, String name) {
  /** Returns whether the link points to a directory. */
  public boolean pointsTo(Storage directory) {
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
    return parent.exists(name)
        && !isDirectory(link)
        && parent.readText(name).strip().equals(directory.toString());
  }

  /**
   * Points the link to a directory.
   *
   * @throws ConfigurationException if a directory with the link's name exists
   */
  public void setTarget(Storage directory) {
    Optional<Path> link = link();
    if (isDirectory(link)) {
      throw new ConfigurationException(
          "%s: is a directory, but publish needs a link or nothing there. Choose another directory to publish to."
              .formatted(parent.path(name)));
    }
    Optional<Path> target = directory.local();
    if (link.isEmpty() || target.isEmpty()) {
      parent.writeText(name, directory + "\n");
      return;
    }
    try {
      // The operating system resolves a relative link from the link's real directory.
      Path realParent = Files.createDirectories(link.get().getParent()).toRealPath();
      Path temporary = realParent.resolve(FileOperations.temporaryName(name));
      // A relative link stays valid if both directories are moved or mounted together.
      Files.createSymbolicLink(temporary, realParent.relativize(target.get().toRealPath()));
      Files.move(
          temporary,
          realParent.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Optional<Path> link() {
    return parent.local().map(directory -> directory.resolve(name));
  }

  private static boolean isDirectory(Optional<Path> link) {
    return link.isPresent() && Files.isDirectory(link.get(), LinkOption.NOFOLLOW_LINKS);
  }

  private TransientException failed(IOException e) {
    return new TransientException(
        "%s: %s. Check the file system and its permissions. Rerun the same command to resume."
            .formatted(parent.path(name), e.getMessage()),
        e);
  }
}
