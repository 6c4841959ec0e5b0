package org.sparkvae.mnist;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.sparkvae.testing.Executable;

/** A shell script named {@code npm} and the package that it provides. */
final class FakeNpm {
  private FakeNpm() {}

  /**
   * Installs a script that checks its command line and copies {@code archive} to the destination.
   */
  static void install(Path directory, Path archive) throws IOException {
    script(
        directory,
        """
        [ "$1 $2 $3 $5 $6" = "pack some-set@1.0 --pack-destination --cache $PWD/cache" ] || exit 9
        cp '%s' "$4/some-set-1.0.tgz"
        """
            .formatted(archive));
  }

  static void script(Path directory, String body) throws IOException {
    Executable.write(directory.resolve("npm"), "#!/bin/sh\n" + body);
  }

  static Path archive(Path file, List<String> names) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      entry(tar, "package/index.js", new byte[100]);
      for (String name : names) {
        entry(tar, "package/data/" + name, IdxFixture.content(name));
      }
    }
    return file;
  }

  private static void entry(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
