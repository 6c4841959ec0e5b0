package org.sparkvae.collective;

import java.io.IOException;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch_gloo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;

/** Gloo's native libraries, which take 90 MB in a jar and 347 MB when they are unpacked. */
public final class GlooLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(GlooLibrary.class);

  private GlooLibrary() {}

  /**
   * Loads Gloo into this process, if it is not loaded.
   *
   * @throws TransientException if Gloo's libraries cannot be unpacked
   * @throws ConfigurationException if Gloo cannot be loaded on this host
   */
  public static void load() {
    Optional<IOException> unpackingError = unpack();
    try {
      Loader.load(torch_gloo.class);
    } catch (LinkageError e) {
      if (unpackingError.isPresent()) {
        throw new TransientException(
            "%s: Gloo cannot be unpacked (%s). Check that the directory is writable and has 350 MB of free space."
                .formatted(
                    System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp/cache"),
                    ErrorText.typeAndFirstLine(unpackingError.get())),
            unpackingError.get());
      }
      throw new ConfigurationException(
          "--trainer allreduce: Gloo cannot be loaded (%s). It requires Linux on x86-64 with glibc 2.35 or newer, such as Debian 12 or Ubuntu 22.04. Use other hosts, or another trainer."
              .formatted(ErrorText.firstLine(ExceptionUtils.getRootCause(e))),
          e);
    }
  }

  /**
   * Unpacks all libraries before the first one is loaded, with a lock for all processes of this
   * host. Otherwise a library that JavaCPP loads would itself load a library that another process
   * has unpacked only in part. An error is not final, because a read-only cache can be complete.
   */
  private static Optional<IOException> unpack() {
    try {
      Loader.cacheResource(torch_gloo.class, "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/");
      return Optional.empty();
    } catch (IOException e) {
      LOG.info("Gloo cannot be unpacked.", e);
      return Optional.of(e);
    }
  }
}
