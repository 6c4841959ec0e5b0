package org.sparkvae.mnist;

import java.io.IOException;
import java.util.List;

/** A place to download expected files from. Its {@code toString} is its name in messages. */
interface DownloadSource {
  /**
   * Downloads the {@code wanted} files into {@code cache}. Files stored before a failure stay in
   * the cache.
   */
  void fetch(List<ExpectedFile> wanted, MnistCache cache) throws IOException;
}
