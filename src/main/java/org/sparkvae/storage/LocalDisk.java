package org.sparkvae.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local file system. Unlike Hadoop's own, it adds no hidden checksum file to every file, and it
 * sets permissions itself. Hadoop starts a {@code chmod} process for every written file if its
 * native library is missing, as it usually is.
 */
public final class LocalDisk extends DelegateToFileSystem {
  /** Hadoop calls this constructor. */
  public LocalDisk(URI uri, Configuration configuration) throws IOException, URISyntaxException {
    super(uri, new WithoutChmod(), configuration, FsConstants.LOCAL_FS_URI.getScheme(), false);
  }

  @Override
  public int getUriDefaultPort() {
    return -1;
  }

  @Override
  public boolean isValidName(String path) {
    return true;
  }

  private static final class WithoutChmod extends RawLocalFileSystem {
    private static final int SETGID = 02000;

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      java.nio.file.Path file = pathToFile(path).toPath();
      // As chmod does, keeps the bit by which the files of a directory inherit its group.
      int setgid = (int) Files.getAttribute(file, "unix:mode") & SETGID;
      Files.setAttribute(file, "unix:mode", setgid | permission.toShort());
    }
  }
}
