package org.sparkvae.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes scripts that tests execute. */
public final class Executable {
  private Executable() {}

  /**
   * Writes an executable file. Another process writes it, because Linux does not execute a file
   * that is open for writing: a process that another test starts inherits the open files of this
   * JVM and closes them only a moment later.
   */
  public static void write(Path file, String text) throws IOException {
    Path source = file.resolveSibling(file.getFileName() + ".text");
    Files.writeString(source, text, StandardCharsets.UTF_8);
    Process install =
        new ProcessBuilder("install", "-m", "755", source.toString(), file.toString()).start();
    if (install.onExit().join().exitValue() != 0) {
      throw new IOException("cannot write %s".formatted(file));
    }
    Files.delete(source);
  }
}
