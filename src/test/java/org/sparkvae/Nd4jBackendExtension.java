package org.sparkvae;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.sparkvae.model.NativeBackend;

/** Has JUnit's tests compute on what a job would, whichever of them loads nd4j first. */
public final class Nd4jBackendExtension implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    NativeBackend.choose();
  }
}
