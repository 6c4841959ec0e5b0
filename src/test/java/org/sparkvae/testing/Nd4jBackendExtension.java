package org.sparkvae.testing;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.sparkvae.model.NativeBackend;

/** Selects the job's nd4j backend before the first test of any class loads nd4j. */
public final class Nd4jBackendExtension implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    NativeBackend.select();
  }
}
