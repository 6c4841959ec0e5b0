package org.sparkvae.mnist;

import java.io.IOException;
import java.util.List;

/** Somewhere to fetch known files from; its {@code toString} says where. */
interface DownloadSource {
  /** Stores {@code wanted} in {@code cache}; those stored before a failure stay there. */
  void fetch(List<ExpectedFile> wanted, MnistCache cache) throws IOException;
}
